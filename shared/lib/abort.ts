export interface LinkedController extends Disposable {
  readonly signal: AbortSignal
  abort(reason?: unknown): void
}

/**
 * A controller that aborts when any parent does. Disposing takes its listeners off the parents, so that a parent that
 * lives for ever does not collect them; use it with `using`.
 */
export function linkedController(...parents: readonly AbortSignal[]): LinkedController {
  const controller = new AbortController()
  const unlink: (() => void)[] = []
  const dispose = () => {
    for (const remove of unlink.splice(0)) remove()
  }
  const abort = (reason?: unknown) => {
    dispose()
    controller.abort(reason)
  }
  for (const parent of parents) {
    if (parent.aborted) {
      abort(parent.reason)
      break
    }
    const onAbort = () => abort(parent.reason)
    parent.addEventListener('abort', onAbort, { once: true })
    unlink.push(() => parent.removeEventListener('abort', onAbort))
  }
  return { signal: controller.signal, abort, [Symbol.dispose]: dispose }
}

/** A linked controller that also aborts after `ms` with a TimeoutError. Dispose it to free the timer. */
export function deadlineController(ms: number, ...parents: readonly AbortSignal[]): LinkedController {
  const linked = linkedController(...parents)
  const timer = setTimeout(() => linked.abort(new DOMException(`timed out after ${ms} ms`, 'TimeoutError')), ms)
  timer.unref()
  return {
    signal: linked.signal,
    abort: reason => {
      clearTimeout(timer)
      linked.abort(reason)
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer)
      linked[Symbol.dispose]()
    },
  }
}

/** Waits for the promise, or rejects with the signal's reason as soon as it aborts. The work itself is not stopped. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
