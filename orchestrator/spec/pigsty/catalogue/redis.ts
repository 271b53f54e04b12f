import { each, type Rules, unsupported } from '../treatment.ts'

export const REDIS: Rules = each(
  'redis_cluster redis_node redis_instances redis_fs_main redis_exporter_enabled redis_exporter_port redis_exporter_options redis_type redis_mode redis_conf redis_bind_address redis_max_memory redis_mem_policy redis_password redis_rdb_save redis_aof_enabled redis_rename_commands redis_cluster_replicas redis_sentinel_monitor redis_safeguard redis_clean redis_rm_data redis_rm_pkg',
  unsupported('Drover runs PostgreSQL, no Redis', 'keep Redis where it is'),
)
