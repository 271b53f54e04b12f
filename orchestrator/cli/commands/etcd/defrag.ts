import type { Cli, Parent } from '../../cli.ts'
import { bytes } from '../../render/units.ts'
import { startOperation } from '../../start-operation.ts'

export function addEtcdDefrag(parent: Parent, cli: Cli): void {
  parent
    .command('defrag')
    .summary('have etcd give free space of its database back')
    .description(
      'One voter after the other, the leader last, all healthy in between. Takes the alarm NOSPACE back when there is space again. Drover does this by itself when half of a database of more than 100 MiB is free.',
    )
    .option('--detach', 'start the operation and return at once')
    .option('--json', 'what happened, as one JSON document')
    .action(async options => {
      await startOperation<DefragAnswer>(cli, {
        kind: 'etcd-defrag',
        request: {},
        options,
        say: ({ voters, disarmed }) =>
          voters
            .map(({ name, beforeBytes, afterBytes }) => `${name}: ${bytes(beforeBytes)} → ${bytes(afterBytes)}`)
            .concat(disarmed ? ['the alarm NOSPACE was taken back'] : [])
            .join('\n'),
      })
    })
}

interface DefragAnswer {
  readonly voters: readonly { readonly name: string; readonly beforeBytes: number; readonly afterBytes: number }[]
  readonly disarmed: boolean
}
