import { each, fixed, mapped, notApplicable, type Rules } from '../treatment.ts'

const NO_VIP = {
  to: 'no virtual address, as in Drover',
  reason: 'Drover moves no virtual address',
  instead: 'name several nodes in the connection string: the services are on each of them',
}

export const PGSQL_ACCESS: Rules = {
  pgbouncer_enabled: fixed([true], {
    to: 'the pooler, which every member has',
    reason: 'every member has a pooler',
    instead: 'the pooler runs; services with `target: postgres` go past it',
  }),
  pgbouncer_port: fixed([6432], {
    to: 'port of the first cluster on a node',
    reason: 'each cluster of a node has a block of ports',
    instead: '6432 for the first cluster on a node',
  }),
  pgbouncer_log_dir: notApplicable('the pooler logs to the journal'),
  pgbouncer_auth_query: fixed([false], {
    to: "the pooler's list of users",
    reason: 'the pooler knows the users of the file',
    instead: 'users that are made by hand do not get through the pooler',
  }),
  pgbouncer_poolmode: mapped('clusters[].pooler.mode'),
  pgbouncer_sslmode: mapped('clusters[].pooler.tls'),
  pgbouncer_ignore_param: mapped('clusters[].pooler.ignoreStartupParameters'),
  pg_service_provider: fixed([''], {
    to: "the cluster's own nodes",
    reason: "a cluster's services are on its own nodes",
    instead: "the cluster's own nodes serve",
  }),
  pg_default_service_dest: mapped('services'),
  pg_default_services: mapped('services'),
  pg_vip_enabled: fixed([false], NO_VIP),
  pg_vip_address: fixed(['127.0.0.1/24'], NO_VIP),
  pg_vip_interface: fixed(['auto'], NO_VIP),
  ...each(
    'pg_dns_suffix pg_dns_target',
    notApplicable('Drover runs no name server; point names of your own at the nodes'),
  ),
}
