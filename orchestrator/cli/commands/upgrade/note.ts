import { Option } from '@commander-js/extra-typings'
import { RELEASE_ACTIONS } from '../../../plan/campaign/release-notes.ts'
import type { Cli, Parent } from '../../cli.ts'
import { startOperation } from '../../start-operation.ts'

export function addUpgradeNote(parent: Parent, cli: Cli): void {
  parent
    .command('note')
    .summary('say what a release asks people to do')
    .description(
      'Shown by the plan of every upgrade that passes the release, beside what the release notes of PostgreSQL ask for. One a release: a second one replaces it.',
    )
    .argument('<version>', 'such as 17.8')
    .requiredOption('--says <sentence>', 'what is to be done')
    .requiredOption('--source <address>', 'where it was read')
    .addOption(new Option('--action <kind>', 'of what kind it is').choices(RELEASE_ACTIONS).default('review' as const))
    .option('--extension <name>', 'only of databases that have this extension')
    .option('--json', 'one JSON document')
    .action(async (version, { says, source, action, extension, ...options }) => {
      await note(cli, { version, note: { action, what: says, source, extension } }, options)
    })
}

export function addUpgradeUnnote(parent: Parent, cli: Cli): void {
  parent
    .command('unnote')
    .summary('take a note of this fleet back')
    .argument('<version>', 'such as 17.8')
    .option('--json', 'one JSON document')
    .action(async (version, options) => {
      await note(cli, { version, note: null }, options)
    })
}

interface NoteRequest {
  readonly version: string
  readonly note: Readonly<Record<string, string | undefined>> | null
}

async function note(cli: Cli, request: NoteRequest, options: { readonly json?: true | undefined }): Promise<void> {
  await startOperation<NoteRequest>(cli, {
    kind: 'upgrade-note',
    request: { ...request },
    options,
    quiet: true,
    say: given =>
      given.note === null ? `${given.version} has no note of this fleet` : `${given.version}: ${given.note['what']}`,
  })
}
