import { EXIT } from '../../orchestrator/cli/exit-codes.ts'
import { createProgram } from '../../orchestrator/cli/program.ts'
import type { FleetClient } from '../../shared/wire/services.ts'

export interface CliRun {
  readonly out: string
  readonly code: number
  readonly written: Readonly<Record<string, string>>
}

/** One command line off a terminal of 80 columns, over files in memory. Without `api` there is no orchestrator. */
export async function runCli(
  words: readonly string[],
  world: { readonly files?: Readonly<Record<string, string>>; readonly api?: FleetClient } = {},
): Promise<CliRun> {
  let out = ''
  let code: number = EXIT.done
  const written: Record<string, string> = {}
  const output = { write: (text: string) => void (out += text), interactive: false, color: false, columns: 80 }
  const program = createProgram(
    {
      terminal: { out: output, err: { ...output, write: () => undefined } },
      signal: new AbortController().signal,
      environment: {},
      connect: async () => {
        if (world.api === undefined) throw new Error('there is no orchestrator')
        return world.api
      },
      readFile: async path => {
        const content = world.files?.[path]
        if (content === undefined) throw new Error(`there is no ${path}`)
        return content
      },
      writeFile: async (path, content) => void (written[path] = content),
      setExitCode: given => void (code = given),
    },
    '0.0.0',
  )
  await program.parseAsync(['node', 'drover', ...words])
  return { out, code, written }
}
