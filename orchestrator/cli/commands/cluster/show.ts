import type { Member__Output } from '../../../../proto/gen/drover/v1/Member.ts'
import type { ShowClusterResponse__Output } from '../../../../proto/gen/drover/v1/ShowClusterResponse.ts'
import type { Cli, Parent } from '../../cli.ts'
import { renderHealth } from '../../render/health.ts'
import { toJson } from '../../render/json.ts'
import { table } from '../../render/table.ts'
import type { Output } from '../../terminal.ts'

export function addClusterShow(parent: Parent, cli: Cli): void {
  parent
    .command('show')
    .summary('a cluster: members, databases, users, settings and why')
    .argument('<name>', 'cluster name')
    .option('--reveal', 'show the passwords; the audit log remembers who looked')
    .option('--json', 'one JSON document')
    .action(async (name, options) => {
      const { out } = cli.terminal
      const api = await cli.connect()
      const shown = await api.ShowCluster({ name, reveal: options.reveal === true }, { signal: cli.signal })
      out.write(options.json === true ? toJson(shown) : render(out, shown))
    })
}

/** `max_connections 90 → 70 at its next restart`. */
function pendingNote({ pendingRestart, pendingSettings }: Member__Output): string {
  const settings = pendingSettings.map(({ name, from, to }) => `${name} ${from} → ${to}`)
  if (settings.length > 0) return ` (${settings.join(', ')} at its next restart)`
  return pendingRestart ? ' (pending restart)' : ''
}

function render(output: Output, shown: ShowClusterResponse__Output): string {
  const { cluster } = shown
  if (cluster === null) return ''
  return [
    `cluster ${cluster.name}  PostgreSQL ${cluster.postgresVersion || '-'}  ${cluster.state}  primary ${cluster.primary || 'none'}\n`,
    table(
      ['MEMBER', 'NODE', 'ADDRESS', 'ROLE', 'STATE'],
      cluster.members.map(member => [
        member.name,
        member.node,
        `${member.address}:${member.port}`,
        member.role,
        member.state + pendingNote(member),
      ]),
    ),
    table(
      ['SERVICE', 'PORT', 'UP ON'],
      cluster.services.map(({ name, port, addresses }) => [name, String(port), addresses.join(' ') || '-']),
    ),
    renderHealth(output, shown.health),
    `databases: ${shown.databases.join(', ') || 'none'}\n`,
    table(
      ['USER', 'PASSWORD'],
      shown.credentials.map(({ user, password }) => [user, password || '(hidden; --reveal shows it)']),
    ),
    table(
      ['SETTING', 'VALUE', 'BECAUSE', 'FROM'],
      shown.settings.map(({ name, instance, value, because, from }) => [
        instance === '' ? name : `${name} of ${instance}`,
        value,
        because,
        from,
      ]),
    ),
  ]
    .filter(part => part !== '')
    .join('\n')
}
