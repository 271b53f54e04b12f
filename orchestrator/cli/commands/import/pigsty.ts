import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { writeDurably } from '../../../../shared/lib/durable-file.ts'
import { baselineNames } from '../../../spec/pigsty/baseline-names.ts'
import { importPigsty } from '../../../spec/pigsty/import-pigsty.ts'
import { summarize } from '../../../spec/pigsty/report.ts'
import { importedYaml } from '../../../spec/pigsty/to-yaml.ts'
import type { Cli, Parent } from '../../cli.ts'
import { unwritableFile } from '../../explain-failure.ts'
import { importReport } from '../../render/import-report.ts'
import { toJson } from '../../render/json.ts'

export function addImportPigsty(parent: Parent, cli: Cli): void {
  parent
    .command('pigsty')
    .summary('turn a Pigsty inventory into a fleet file')
    .description(
      'Prints the fleet file of a Pigsty inventory. What is not carried over is named in its head, with the reason. Needs no orchestrator.',
    )
    .argument('<file>', 'inventory (pigsty.yml)')
    .option('-o, --output <file>', 'write the fleet file there, readable by you alone: it holds verifiers of passwords')
    .option('--fleet <name>', 'name of the fleet', 'pigsty')
    .option('--report', 'print what became of every value, instead of the fleet file')
    .option('--json', 'the fleet file and the report as one JSON document')
    .addHelpText(
      'after',
      '\nExamples:\n  drover import pigsty pigsty.yml -o fleet.yml\n  drover import pigsty pigsty.yml --report\n',
    )
    .action(async (path, options) => {
      const { out, err } = cli.terminal
      const text = await readInventoryFile(cli, path)
      const imported = importPigsty(text, {
        fleetName: options.fleet,
        today: new Date().toISOString().slice(0, 10),
        baselines: await readBaselines(cli, { text, folder: dirname(path) }),
      })
      if (!('file' in imported)) throw unreadable(path, imported)
      const { file, report } = imported
      const yaml = importedYaml({ file, report, fileName: basename(path) })
      const summary = summarize(report)
      if (options.output !== undefined) await writePrivately(options.output, yaml)
      if (options.json === true) out.write(toJson({ file, summary, report }))
      else if (options.report === true) out.write(importReport(out, report))
      else if (options.output === undefined) out.write(yaml)
      err.write(
        `${summary.mapped} mapped, ${summary.unsupported} unsupported, ${summary.notApplicable} not applicable\n`,
      )
    })
}

/** A symbolic link that was checked out as text holds the name of another file, and nothing else. Copies may have no folders. */
async function readInventoryFile(cli: Cli, path: string): Promise<string> {
  const text = await cli.readFile(path)
  const target = /^\s*(\S+\.ya?ml)\s*$/.exec(text)?.[1]
  if (target === undefined) return text
  const beside = await readIfThere(cli, join(dirname(path), basename(target)))
  return (await readIfThere(cli, resolve(dirname(path), target))) ?? beside ?? text
}

/** Files that lie beside the inventory or in its folder `files`, where Pigsty looks for them. */
async function readBaselines(
  cli: Cli,
  { text, folder }: { readonly text: string; readonly folder: string },
): Promise<Readonly<Record<string, string>>> {
  const found: [string, string][] = []
  for (const name of baselineNames(text).filter(name => !isAbsolute(name) && !name.split('/').includes('..'))) {
    const sql = (await readIfThere(cli, join(folder, name))) ?? (await readIfThere(cli, join(folder, 'files', name)))
    if (sql !== undefined) found.push([name, sql])
  }
  return Object.fromEntries(found)
}

async function readIfThere(cli: Cli, path: string): Promise<string | undefined> {
  try {
    return await cli.readFile(path)
  } catch (error) {
    if (error instanceof DroverError && error.code === 'invalid') return undefined
    throw error
  }
}

async function writePrivately(path: string, content: string): Promise<void> {
  try {
    await writeDurably(path, content, 0o600)
  } catch (cause) {
    throw unwritableFile(path, cause)
  }
}

function unreadable(path: string, problems: DroverError['problems']): DroverError {
  return new DroverError('invalid', `${path} cannot be imported`, {
    problems,
    hint: 'mend the inventory and import again; nothing was written',
  })
}
