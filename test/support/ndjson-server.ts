import { createInterface } from 'node:readline'

export type Handlers = Readonly<Record<string, (params: never) => Promise<unknown>>>

interface Request {
  readonly id: number
  readonly method: string
  readonly params: unknown
}

/** The other side of `startNdjsonChild`: answers requests side by side, and ends when standard input does. */
export function serveNdjson(handlers: Handlers): void {
  createInterface(process.stdin)
    .on('line', line => void answer(handlers, JSON.parse(line) as Request))
    .on('close', () => process.exit())
}

async function answer(handlers: Handlers, { id, method, params }: Request): Promise<void> {
  try {
    const handler = handlers[method]
    if (handler === undefined) throw new Error(`no method ${method}`)
    write({ id, result: await handler(params as never) })
  } catch (error) {
    write({ id, error: describe(error) })
  }
}

function write(answer: unknown): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

function describe(error: unknown): { readonly message: string; readonly code?: string } {
  if (!(error instanceof Error)) return { message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { message: error.message || error.name, ...(code === undefined ? {} : { code }) }
}
