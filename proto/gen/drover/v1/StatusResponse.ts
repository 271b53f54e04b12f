// Original file: proto/drover/v1/fleet.proto

import type { Node as _drover_v1_Node, Node__Output as _drover_v1_Node__Output } from '../../drover/v1/Node.ts';
import type { Cluster as _drover_v1_Cluster, Cluster__Output as _drover_v1_Cluster__Output } from '../../drover/v1/Cluster.ts';
import type { EtcdMember as _drover_v1_EtcdMember, EtcdMember__Output as _drover_v1_EtcdMember__Output } from '../../drover/v1/EtcdMember.ts';
import type { OperationSummary as _drover_v1_OperationSummary, OperationSummary__Output as _drover_v1_OperationSummary__Output } from '../../drover/v1/OperationSummary.ts';
import type { Tombstone as _drover_v1_Tombstone, Tombstone__Output as _drover_v1_Tombstone__Output } from '../../drover/v1/Tombstone.ts';
import type { HealthFinding as _drover_v1_HealthFinding, HealthFinding__Output as _drover_v1_HealthFinding__Output } from '../../drover/v1/HealthFinding.ts';
import type { Long } from '@grpc/proto-loader';

export interface StatusResponse {
  'nodes'?: (_drover_v1_Node)[];
  'clusters'?: (_drover_v1_Cluster)[];
  'fleetId'?: (string);
  'fleetName'?: (string);
  'observedAtMs'?: (number | string | Long);
  'etcd'?: (_drover_v1_EtcdMember)[];
  'operations'?: (_drover_v1_OperationSummary)[];
  'removed'?: (_drover_v1_Cluster)[];
  'tombstones'?: (_drover_v1_Tombstone)[];
  'health'?: (_drover_v1_HealthFinding)[];
}

export interface StatusResponse__Output {
  'nodes': (_drover_v1_Node__Output)[];
  'clusters': (_drover_v1_Cluster__Output)[];
  'fleetId': (string);
  'fleetName': (string);
  'observedAtMs': (number);
  'etcd': (_drover_v1_EtcdMember__Output)[];
  'operations': (_drover_v1_OperationSummary__Output)[];
  'removed': (_drover_v1_Cluster__Output)[];
  'tombstones': (_drover_v1_Tombstone__Output)[];
  'health': (_drover_v1_HealthFinding__Output)[];
}
