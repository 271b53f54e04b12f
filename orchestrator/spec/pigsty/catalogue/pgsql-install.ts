import { each, fixed, mapped, notApplicable, type Rules } from '../treatment.ts'

export const PGSQL_INSTALL: Rules = {
  pg_version: mapped('clusters[].postgresVersion'),
  pg_packages: mapped('clusters[].packages'),
  pg_extensions: mapped('clusters[].packages'),
  pg_dbsu: fixed(['postgres'], {
    to: 'the user `postgres` of the Debian packages',
    reason: "PostgreSQL runs as the user that Debian's packages make",
    instead: '`postgres`',
  }),
  ...each(
    'pg_dbsu_uid pg_dbsu_home',
    notApplicable("Debian's packages make the user `postgres`, with their own id and home"),
  ),
  ...each(
    'pg_dbsu_sudo pg_dbsu_ssh_exchange',
    notApplicable('the agent does what needs root; PostgreSQL needs no sudo and no ssh between hosts'),
  ),
  ...each('pg_bin_dir pg_log_dir', notApplicable('Drover has its own layout of folders, as Debian has it')),
}
