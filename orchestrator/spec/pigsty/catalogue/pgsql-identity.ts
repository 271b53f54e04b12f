import { fixed, mapped, notApplicable, type Rules, unsupported } from '../treatment.ts'

const NO_CITUS = unsupported(
  'Drover does not run Citus: it neither registers workers nor routes between groups',
  'each group becomes a PostgreSQL cluster of its own',
)

export const PGSQL_IDENTITY: Rules = {
  pg_cluster: mapped('clusters[].name'),
  pg_seq: mapped('clusters[].placement.nodes'),
  pg_role: mapped('clusters[].members'),
  pg_offline_query: mapped('service offline'),
  pg_weight: mapped('services'),
  pg_upstream: mapped('clusters[].standbyOf'),
  pg_delay: mapped('clusters[].standbyOf.delay'),
  pg_mode: fixed(['pgsql'], {
    to: 'PostgreSQL itself',
    reason: 'Drover runs PostgreSQL itself, no derived kernel',
    instead: 'a cluster of plain PostgreSQL of the same major version',
  }),
  pg_shard: NO_CITUS,
  pg_group: NO_CITUS,
  gp_role: NO_CITUS,
  pg_instances: unsupported(
    'Pigsty declares several instances on a host but does not make them',
    'declare further clusters in the fleet file; Drover gives each its own ports',
  ),
  pg_exporters: notApplicable('it monitors servers that Pigsty does not run; Drover brings no exporters'),
}
