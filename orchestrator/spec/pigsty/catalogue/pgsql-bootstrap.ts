import { each, fixed, mapped, notApplicable, type Rules, unsupported } from '../treatment.ts'

const OWN_LAYOUT = notApplicable('Drover has its own layout of folders, below /var/lib/drover')

export const PGSQL_BOOTSTRAP: Rules = {
  ...each('pg_data pg_fs_main pg_fs_bkup pg_fs_backup pg_localhost patroni_log_dir', OWN_LAYOUT),
  pg_storage_type: notApplicable(
    "the agent finds out what kind of disk it is; tuning takes that from the node's facts",
  ),
  pg_dummy_filesize: unsupported('Drover keeps no ballast file', 'tuning bounds what WAL and temporary files may take'),
  pg_listen: fixed(['0.0.0.0', '*', '${ip}', '${ip},${lo}'], {
    to: "the node's addresses",
    reason: 'instances listen where the services of the cluster reach them',
    instead: "the node's addresses",
  }),
  pg_port: fixed([5432], {
    to: 'port of the first cluster on a node',
    reason: 'each cluster of a node has a block of ports, the first from 5432',
    instead: '5432 and the services from 5433',
  }),
  patroni_enabled: fixed([true], {
    to: 'Patroni',
    reason: 'Patroni is what keeps a cluster available',
    instead: 'every cluster runs under Patroni',
  }),
  patroni_mode: fixed(['default'], {
    to: 'Patroni',
    reason: 'a fleet file describes clusters that run; pausing is a verb',
    instead: 'the cluster is managed as usual',
  }),
  pg_namespace: notApplicable("Drover's clusters have their own prefix in its own etcd"),
  patroni_port: fixed([8008], {
    to: 'port of the first cluster on a node',
    reason: 'each cluster of a node has a block of ports',
    instead: '8008 for the first cluster on a node',
  }),
  patroni_ssl_enabled: fixed([true], {
    to: "Patroni's REST interface, which always has TLS",
    reason: "Patroni's REST interface always has TLS",
    instead: 'TLS; tools that ask it without have to be changed',
  }),
  patroni_watchdog_mode: mapped('clusters[].watchdog'),
  ...each(
    'patroni_username patroni_password pg_etcd_password',
    notApplicable('Drover uses certificates and generated secrets'),
  ),
  pg_primary_db: fixed(['postgres'], {
    to: 'the database `postgres`',
    reason: 'it is the database of Citus, which Drover does not run',
    instead: 'extensions that live in one database find it by their own settings',
  }),
  pg_parameters: mapped('clusters[].parameters'),
  pg_files: unsupported('Drover copies no further files into the data directory', 'place them by hand'),
  pg_conf: mapped('clusters[].workload'),
  pg_max_conn: mapped('clusters[].parameters[max_connections]'),
  pg_shared_buffer_ratio: mapped('clusters[].tuning.sharedBuffersRatio'),
  pg_io_method: mapped('clusters[].parameters[io_method]'),
  pg_rto: mapped('clusters[].failover'),
  pg_rto_plan: unsupported("Drover's failover modes have their own timings, computed to fit one another", '`failover`'),
  pg_rpo: mapped('clusters[].failoverLag'),
  pg_libs: mapped('clusters[].parameters[shared_preload_libraries]'),
  pg_checksum: fixed([true], {
    to: 'data checksums, which are always on',
    reason: 'data checksums are always on',
    instead: 'checksums on',
  }),
  pg_pwd_enc: fixed(['scram-sha-256'], {
    to: 'passwords, which are SCRAM-SHA-256 everywhere',
    reason: 'passwords are SCRAM-SHA-256 everywhere',
    instead: 'SCRAM-SHA-256; clients that know only MD5 have to be changed',
  }),
  pg_encoding: mapped('clusters[].databases[].encoding'),
  pg_locale: mapped('clusters[].databases[].locale'),
  pg_lc_collate: mapped('clusters[].databases[].collate'),
  pg_lc_ctype: mapped('clusters[].databases[].ctype'),
  ...each(
    'pgsodium_key pgsodium_getkey_script',
    unsupported('Drover has no package of pgsodium', 'what is encrypted with the key cannot be read'),
  ),
}
