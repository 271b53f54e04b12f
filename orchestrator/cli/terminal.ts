/** Where answers and progress go. stdout is the answer, stderr is progress and errors. */
export interface Terminal {
  readonly out: Output
  readonly err: Output
}

export interface Output {
  write(text: string): void
  /** A person is looking: colour and redrawing are allowed. */
  readonly interactive: boolean
  readonly color: boolean
  readonly columns: number
}

export interface StreamLike {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** NO_COLOR and TERM=dumb switch colour off (no-color.org); a pipe is never interactive. */
export function createTerminal(
  streams: { readonly stdout: StreamLike; readonly stderr: StreamLike },
  environment: Readonly<Record<string, string | undefined>>,
): Terminal {
  const plain = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  return { out: output(streams.stdout, plain), err: output(streams.stderr, plain) }
}

function output(stream: StreamLike, plain: boolean): Output {
  const interactive = stream.isTTY === true
  return {
    write: text => void stream.write(text),
    interactive,
    color: interactive && !plain,
    columns: stream.columns ?? 100,
  }
}
