export interface QueueOptions<T> {
  readonly maxItems: number
  readonly maxBytes?: number
  readonly sizeOf?: (item: T) => number
  /** What a full queue does: turn the new item away (default) or let the oldest go. */
  readonly whenFull?: 'refuse' | 'drop-oldest'
}

/**
 * A bounded queue with one reader. Iteration ends once the queue is closed and empty; leaving the loop closes it.
 */
export class Queue<T> implements AsyncIterable<T> {
  readonly #options: QueueOptions<T>
  readonly #items: T[] = []
  #bytes = 0
  #dropped = 0
  #closed = false
  #wake: (() => void) | undefined

  constructor(options: QueueOptions<T>) {
    this.#options = options
  }

  get size(): number {
    return this.#items.length
  }

  /** Items lost to the bounds so far. */
  get dropped(): number {
    return this.#dropped
  }

  get closed(): boolean {
    return this.#closed
  }

  /** False when the item was not taken: the queue is closed, or full and refusing, or the item alone exceeds it. */
  push(item: T): boolean {
    if (this.#closed) return false
    const size = this.#sizeOf(item)
    const mayDrop = this.#options.whenFull === 'drop-oldest' && size <= this.#maxBytes && this.#options.maxItems > 0
    while (!this.#hasRoom(size)) {
      this.#dropped += 1
      if (!mayDrop) return false
      this.#take()
    }
    this.#items.push(item)
    this.#bytes += size
    this.#wake?.()
    return true
  }

  /** No more items; the reader still gets those that wait, unless `discard` is set. */
  close(options: { readonly discard?: boolean } = {}): void {
    this.#closed = true
    while (options.discard === true && this.#items.length > 0) this.#take()
    this.#wake?.()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    try {
      while (true) {
        while (this.#items.length > 0) yield this.#take()
        if (this.#closed) return
        await new Promise<void>(resolve => {
          this.#wake = resolve
        })
        this.#wake = undefined
      }
    } finally {
      this.close({ discard: true })
    }
  }

  #take(): T {
    const item = this.#items.shift() as T
    this.#bytes -= this.#sizeOf(item)
    return item
  }

  #hasRoom(size: number): boolean {
    return this.#items.length < this.#options.maxItems && this.#bytes + size <= this.#maxBytes
  }

  get #maxBytes(): number {
    return this.#options.maxBytes ?? Number.POSITIVE_INFINITY
  }

  #sizeOf(item: T): number {
    return this.#options.sizeOf?.(item) ?? 0
  }
}
