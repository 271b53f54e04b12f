import { each, type Rules, unsupported } from '../treatment.ts'

export const MINIO: Rules = each(
  'minio_type minio_seq minio_cluster minio_user minio_https minio_node minio_data minio_volumes minio_domain minio_port minio_admin_port minio_access_key minio_secret_key minio_extra_vars minio_provision minio_alias minio_endpoint minio_buckets minio_users minio_safeguard minio_clean minio_rm_data minio_rm_pkg',
  unsupported('Drover runs PostgreSQL, no object store', 'keep the object store where it is'),
)
