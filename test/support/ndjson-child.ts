import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A program that answers requests, one JSON document a line, over its standard input and output. */
export interface NdjsonChild {
  readonly call: (method: string, params: unknown) => Promise<unknown>
  /** Ends the program and waits until it is gone. */
  readonly close: () => Promise<void>
}

interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

interface Answer {
  readonly id: number
  readonly result?: unknown
  readonly error?: { readonly message: string; readonly code?: string }
}

/** Starts the program. Requests under way fail when it ends. */
export function startNdjsonChild(argv: readonly string[]): NdjsonChild {
  const [program = '', ...args] = argv
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const pending = new Map<number, Pending>()
  let lastId = 0

  const closed = new Promise<void>(resolve => {
    child.once('error', failAll)
    child.once('close', code => {
      failAll(new Error(`${args.at(-1)} ended with ${code}`))
      resolve()
    })
  })
  child.stdin.on('error', failAll)
  createInterface(child.stdout).on('line', line => settle(JSON.parse(line) as Answer))

  function failAll(error: Error): void {
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }
  function settle({ id, result, error }: Answer): void {
    const waiting = pending.get(id)
    pending.delete(id)
    if (error === undefined) waiting?.resolve(result)
    else waiting?.reject(Object.assign(new Error(error.message), { code: error.code }))
  }

  return {
    call: (method, params) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) return reject(new Error(`${args.at(-1)} has ended`))
        const id = ++lastId
        pending.set(id, { resolve, reject })
        child.stdin.write(`${JSON.stringify({ id, method, params })}\n`)
      }),
    close: () => {
      child.stdin.end()
      return closed
    },
  }
}
