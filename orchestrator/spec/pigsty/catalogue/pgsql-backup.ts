import { each, notApplicable, type Rules, unsupported } from '../treatment.ts'

export const PGSQL_BACKUP: Rules = {
  ...each(
    'pgbackrest_enabled pgbackrest_clean pgbackrest_method pgbackrest_init_backup pgbackrest_repo',
    unsupported('this version of Drover takes no backups', 'no backup is taken; keep your own'),
  ),
  pgbackrest_log_dir: notApplicable('this version of Drover does not run pgBackRest'),
  pg_pitr: unsupported('a restore to a point in time is no part of a fleet file', 'nothing is restored'),
}
