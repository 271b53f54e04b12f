import { each, fixed, mapped, notApplicable, type Rules } from '../treatment.ts'

export const ETCD: Rules = {
  etcd_seq: mapped('etcd.members'),
  etcd_cluster: notApplicable('a fleet has one etcd, without a name'),
  ...each('etcd_data', notApplicable('Drover has its own layout of folders, below /var/lib/drover')),
  etcd_port: fixed([2379], { to: "etcd's port", reason: "etcd's ports are fixed", instead: '2379' }),
  etcd_peer_port: fixed([2380], { to: "etcd's port", reason: "etcd's ports are fixed", instead: '2380' }),
  ...each(
    'etcd_init etcd_learner etcd_safeguard etcd_clean etcd_rm_data etcd_rm_pkg',
    notApplicable('Drover makes etcd once, and an apply never removes a member'),
  ),
  ...each(
    'etcd_election_timeout etcd_heartbeat_interval',
    notApplicable("Drover sets etcd's timing to fit the failover modes of the clusters"),
  ),
  etcd_root_password: notApplicable('etcd lets in certificates of the fleet only'),
}
