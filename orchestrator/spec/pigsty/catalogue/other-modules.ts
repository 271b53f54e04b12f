import { each, type Rules, unsupported } from '../treatment.ts'

function elsewhere(what: string): ReturnType<typeof unsupported> {
  return unsupported(`Drover runs PostgreSQL, no ${what}`, 'keep it where it is')
}

export const OTHER_MODULES: Rules = {
  ...each(
    'docker_enabled docker_data docker_storage_driver docker_cgroups_driver docker_registry_mirrors docker_exporter_port docker_image docker_image_cache app apps',
    elsewhere('containers'),
  ),
  ...each(
    'kafka_cluster kafka_cluster_id kafka_controller_port kafka_data kafka_exporter_port kafka_heap_opts kafka_jmx_exporter_port kafka_parameters kafka_port kafka_rm_data kafka_rm_pkg kafka_role kafka_safeguard kafka_security kafka_seq kafka_topics kafka_users',
    elsewhere('Kafka'),
  ),
  ...each(
    'mysql_backup_enabled mysql_backup_repo mysql_cluster mysql_cluster_password mysql_databases mysql_exporter_enabled mysql_monitor_password mysql_parameters mysql_rm_confirm mysql_root_password mysql_safeguard mysql_seq mysql_users',
    elsewhere('MySQL'),
  ),
  ...each('juice_cache juice_instances', elsewhere('JuiceFS')),
  ...each(
    'claude_enabled claude_env claude_package code_data code_enabled code_gallery code_password code_port codex_enabled jupyter_data jupyter_enabled jupyter_password jupyter_port jupyter_venv nodejs_enabled nodejs_registry npm_packages vibe_data',
    elsewhere('development tools'),
  ),
  ...each(
    'context_dir src_cls src_ip src_pg src_db src_list src_dns src_vip dst_cls dst_ip dst_pg dst_db dst_user dst_dns dst_vip sub_conn',
    unsupported('a migration between clusters is no part of a fleet file', 'finish it before the import'),
  ),
}
