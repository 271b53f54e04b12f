import type { Cli } from './cli.ts'
import { toJson } from './render/json.ts'
import { watchOperation } from './watch-operation.ts'

/** Options of every command that starts an operation. */
export interface StartOptions {
  readonly detach?: true | undefined
  readonly json?: true | undefined
  readonly ignoreHealth?: readonly string[]
}

/**
 * Starts an operation and follows it to its end: exit code 0 done, 3 failed or rolled back. With `--detach` it only says the
 * operation's id; with `--json` the answer is one document with that id and the operation's output.
 */
export async function startOperation<Output extends object>(
  cli: Cli,
  operation: {
    readonly kind: string
    readonly request: Readonly<Record<string, unknown>>
    readonly options: StartOptions
    /** Says nothing while it goes on: its answer is what people want. */
    readonly quiet?: boolean
    /** The sentence for people once it is done. */
    readonly say: (output: Output) => string
  },
): Promise<void> {
  const { kind, request, options, say, quiet = false } = operation
  const { out } = cli.terminal
  const isJson = options.json === true
  const api = await cli.connect()
  const { operationId } = await api.StartOperation(
    { kind, requestJson: JSON.stringify(request), ignoreHealth: [...(options.ignoreHealth ?? [])] },
    { signal: cli.signal },
  )
  if (options.detach === true) {
    out.write(isJson ? toJson({ operationId }) : `operation ${operationId} started\n`)
    return
  }
  const ended = await watchOperation(cli, api, { operationId, json: false, quiet: isJson || quiet })
  if (ended !== 'done') return
  const { outputJson } = await api.ShowOperation({ operationId }, { signal: cli.signal })
  const output = JSON.parse(outputJson) as Output
  out.write(isJson ? toJson({ operationId, ...output }) : `${say(output)}\n`)
}
