import { each, fixed, mapped, notApplicable, type Rules, unsupported } from '../treatment.ts'

const HOST = notApplicable('the host is set up by whoever runs it; Drover manages only what PostgreSQL needs')
const PACKAGES = notApplicable(
  'packages come from the fleet repository, whose sources are configured at the orchestrator',
)

export const NODE: Rules = {
  ansible_host: mapped('clusters[].placement.nodes'),
  'ansible_*': notApplicable('agents dial the orchestrator; nobody logs in over ssh'),
  ...each(
    'nodename node_cluster nodename_overwrite nodename_exchange node_id_from_pg',
    notApplicable('a node has the name that its host has; labels say where it stands'),
  ),
  ...each(
    'node_write_etc_hosts node_default_etc_hosts node_etc_hosts node_dns_method node_dns_servers node_dns_options',
    notApplicable('Drover addresses nodes by IP and leaves name resolution alone'),
  ),
  ...each('node_repo_modules node_repo_remove', PACKAGES),
  ...each('node_packages node_default_packages node_uv_env node_pip_packages', HOST),
  ...each(
    'node_selinux_mode node_firewall_mode node_firewall_public_port',
    notApplicable('Drover leaves the firewall alone; `fleet.clientNetworks` says who reaches the services'),
  ),
  node_firewall_intranet: mapped('fleet.clientNetworks'),
  ...each('node_disable_numa node_disable_swap', {
    ...fixed([false], {
      to: 'the host as it is',
      reason: 'Drover does not change how the host boots, nor its swap',
      instead: 'the kernel settings keep PostgreSQL from being swapped out',
    }),
  }),
  node_static_network: HOST,
  node_disk_prefetch: fixed([false], {
    to: 'the host as it is',
    reason: 'Drover does not set the read-ahead of disks',
    instead: 'set it on the host',
  }),
  node_kernel_modules: notApplicable('Drover needs no kernel modules; for a watchdog, load `softdog` on the host'),
  node_hugepage_count: fixed([0], {
    to: 'fleet.kernel',
    reason: 'Drover counts the huge pages that its instances on a node need',
    instead: 'as many huge pages as the shared memory of the instances takes',
  }),
  node_hugepage_ratio: fixed([0], {
    to: 'fleet.kernel',
    reason: 'Drover counts the huge pages that its instances on a node need',
    instead: 'as many huge pages as the shared memory of the instances takes',
  }),
  node_overcommit_ratio: fixed([0], {
    to: 'fleet.kernel',
    reason: 'Drover sets memory overcommit by its own rule',
    instead: 'tuning bounds what PostgreSQL can take',
  }),
  node_tune: mapped('fleet.kernel'),
  node_tuned_profile_dir: notApplicable('kernel settings are rendered by the planner, without tuned'),
  node_sysctl_params: unsupported(
    'Drover sets only the kernel settings that PostgreSQL needs',
    'set further ones on the host',
  ),
  node_data: notApplicable('Drover has its own layout of folders, below /var/lib/drover'),
  ...each(
    'node_admin_enabled node_admin_uid node_admin_username node_admin_sudo node_admin_ssh_exchange node_admin_pk_current node_admin_pk_list node_aliases',
    notApplicable('Drover needs no admin user and no ssh on its hosts'),
  ),
  ...each('node_timezone node_ntp_enabled node_ntp_servers node_crontab_overwrite node_crontab', HOST),
  ...each(
    'vip_enabled vip_address vip_vrid vip_role vip_preempt vip_interface vip_dns_suffix vip_auth_pass vip_exporter_port',
    notApplicable('Drover moves no virtual address; the services are on every node of a cluster'),
  ),
  ...each(
    'haproxy_enabled haproxy_clean haproxy_reload haproxy_auth_enabled haproxy_admin_username haproxy_admin_password haproxy_exporter_port haproxy_client_timeout haproxy_server_timeout',
    notApplicable('each cluster has an HAProxy of its own, without an admin page'),
  ),
  haproxy_services: unsupported(
    'HAProxy serves PostgreSQL only',
    'run a proxy of your own for other programs; for PostgreSQL use `clusters[].services`',
  ),
  ...each(
    'node_exporter_enabled node_exporter_port node_exporter_options',
    notApplicable('Drover brings no exporters; `drover node show` has the facts of a host'),
  ),
  ...each(
    'vector_enabled vector_clean vector_data vector_port vector_read_from vector_log_endpoint promtail_enabled promtail_clean promtail_port promtail_positions',
    notApplicable('Drover ships no logs; they are in the journal of each host'),
  ),
}
