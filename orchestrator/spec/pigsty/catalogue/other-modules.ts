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
    'kafka_seq kafka_cluster kafka_node kafka_type kafka_data kafka_role kafka_port kafka_peer_port kafka_security kafka_heap_opts kafka_topics kafka_users kafka_acls kafka_parameters kafka_exporter_port kafka_jmx_exporter_port kafka_safeguard kafka_rm_data kafka_rm_pkg',
    elsewhere('Kafka'),
  ),
  ...each(
    'mysql_seq mysql_cluster mysql_role mysql_port mysql_data mysql_root_password mysql_monitor_password mysql_cluster_password mysql_users mysql_databases mysql_parameters mysql_exporter_port mysql_safeguard mysql_rm_data mysql_rm_pkg',
    elsewhere('MySQL'),
  ),
  ...each('juice_instances juice_cache', elsewhere('JuiceFS')),
  ...each(
    'code_enabled code_port code_data code_password jupyter_enabled jupyter_port jupyter_data jupyter_password nodejs_enabled npm_packages claude_enabled claude_env codex_enabled vibe_data',
    elsewhere('development tools'),
  ),
  ...each('mongo_seq mongo_cluster ferretdb_enabled ferretdb_port', elsewhere('FerretDB')),
}
