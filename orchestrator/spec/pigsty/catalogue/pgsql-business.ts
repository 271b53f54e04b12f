import { mapped, type Rules, unsupported } from '../treatment.ts'

export const PGSQL_BUSINESS: Rules = {
  pg_users: mapped('clusters[].users'),
  pg_databases: mapped('clusters[].databases'),
  pg_services: mapped('clusters[].services'),
  pg_hba_rules: mapped('clusters[].hba'),
  pgb_hba_rules: mapped('clusters[].hba'),
  pg_crontab: unsupported(
    'Drover has no jobs on a schedule yet; most entries start backups',
    'keep such jobs in a scheduler of your own',
  ),
  pg_dbsu_password: unsupported(
    "PostgreSQL's superuser logs in over the local socket only",
    'use the administrator of `pg_admin_username`',
  ),
  pg_replication_username: unsupported('Drover replicates as a role of its own', '`drover_replicator`'),
  pg_replication_password: unsupported('Drover replicates as a role of its own', 'its password is generated'),
  pg_admin_username: mapped('clusters[].users[].name'),
  pg_admin_password: mapped('clusters[].users[].password'),
  pg_monitor_username: mapped('clusters[].users[].name'),
  pg_monitor_password: mapped('clusters[].users[].password'),
}
