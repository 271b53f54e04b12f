import { each, notApplicable, type Rules } from '../treatment.ts'

export const PGSQL_MONITOR: Rules = {
  ...each(
    'pg_exporter_enabled pg_exporter_config pg_exporter_cache_ttls pg_exporter_port pg_exporter_params pg_exporter_url pg_exporter_auto_discovery pg_exporter_exclude_database pg_exporter_include_database pg_exporter_connect_timeout pg_exporter_options pgbouncer_exporter_enabled pgbouncer_exporter_port pgbouncer_exporter_url pgbouncer_exporter_options pgbackrest_exporter_enabled pgbackrest_exporter_port pgbackrest_exporter_options',
    notApplicable('Drover brings no exporters; your own can log in as the monitor user'),
  ),
  ...each(
    'pg_safeguard pg_rm_data pg_rm_bkup pg_rm_backup pg_rm_pkg pg_uninstall',
    notApplicable('an apply never removes a cluster, data or packages'),
  ),
}
