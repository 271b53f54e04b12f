import { each, notApplicable, type Rules } from '../treatment.ts'

const PORTAL = notApplicable('Drover brings no web portal')
const REPOSITORY = notApplicable(
  'packages come from the fleet repository, whose sources are configured at the orchestrator',
)
const METRICS = notApplicable('Drover brings no metrics stack; the orchestrator has a Prometheus endpoint to scrape')

export const INFRA: Rules = {
  version: notApplicable("it is Pigsty's own version"),
  admin_ip: notApplicable('agents know their orchestrator from enrolment'),
  region: REPOSITORY,
  language: PORTAL,
  proxy_env: REPOSITORY,
  ...each('ca_create ca_cn ca_method cert_validity', notApplicable('the fleet has a certificate authority of its own')),
  infra_seq: notApplicable('Drover has no infra nodes; HBA rules for `infra` hold for these addresses'),
  ...each('infra_portal infra_data infra_services infra_extra_services infra_packages', PORTAL),
  ...each(
    'nginx_enabled nginx_clean nginx_exporter_enabled nginx_exporter_port nginx_sslmode nginx_cert_validity nginx_home nginx_data nginx_users nginx_port nginx_ssl_port certbot_sign certbot_email certbot_options',
    PORTAL,
  ),
  ...each(
    'repo_enabled repo_home repo_name repo_endpoint repo_remove repo_modules repo_upstream repo_packages repo_extra_packages repo_url_packages cache_repo cache_pkg_dir cache_pkg_name',
    REPOSITORY,
  ),
  ...each('dns_enabled dns_port dns_records', notApplicable('Drover runs no name server')),
  ...each(
    'vmetrics_enabled vmetrics_clean vmetrics_port vmetrics_scrape_interval vmetrics_scrape_timeout vmetrics_options vlogs_enabled vlogs_clean vlogs_port vlogs_options vtraces_enabled vtraces_clean vtraces_port vtraces_options vmalert_enabled vmalert_port vmalert_options blackbox_enabled blackbox_port blackbox_options alertmanager_enabled alertmanager_port alertmanager_options exporter_metrics_path prometheus_enabled prometheus_clean prometheus_data prometheus_port prometheus_options pushgateway_enabled pushgateway_options pushgateway_port loki_enabled loki_clean loki_data loki_retention loki_port',
    METRICS,
  ),
  ...each(
    'grafana_enabled grafana_port grafana_clean grafana_admin_username grafana_admin_password grafana_auth_proxy grafana_pgurl grafana_view_password grafana_plugin_cache grafana_plugin_list',
    notApplicable('Drover brings no Grafana'),
  ),
}
