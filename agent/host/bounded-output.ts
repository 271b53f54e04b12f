export interface BoundedOutput {
  readonly add: (chunk: Uint8Array) => void
  text(): string
  truncated(): boolean
}

/** Collects a stream and keeps at most `maxBytes` of it: its beginning (an answer) or its end (the last error). */
export function createBoundedOutput(options: {
  readonly keep: 'head' | 'tail'
  readonly maxBytes: number
}): BoundedOutput {
  const { keep, maxBytes } = options
  const chunks: Uint8Array[] = []
  let held = 0
  let dropped = false

  function addHead(chunk: Uint8Array): void {
    const part = chunk.subarray(0, maxBytes - held)
    if (part.length < chunk.length) dropped = true
    if (part.length > 0) chunks.push(part)
    held += part.length
  }

  function addTail(chunk: Uint8Array): void {
    chunks.push(chunk)
    held += chunk.length
    while (held > maxBytes) {
      const first = chunks.shift() ?? new Uint8Array()
      const kept = first.subarray(Math.min(first.length, held - maxBytes))
      held -= first.length - kept.length
      dropped = true
      if (kept.length > 0) chunks.unshift(kept)
    }
  }

  return {
    add: keep === 'head' ? addHead : addTail,
    text: () => Buffer.concat(chunks).toString('utf8'),
    truncated: () => dropped,
  }
}
