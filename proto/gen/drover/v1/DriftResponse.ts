// Original file: proto/drover/v1/fleet.proto

import type { NodeDrift as _drover_v1_NodeDrift, NodeDrift__Output as _drover_v1_NodeDrift__Output } from '../../drover/v1/NodeDrift.ts';
import type { ClusterDrift as _drover_v1_ClusterDrift, ClusterDrift__Output as _drover_v1_ClusterDrift__Output } from '../../drover/v1/ClusterDrift.ts';

export interface DriftResponse {
  'nodes'?: (_drover_v1_NodeDrift)[];
  'clusters'?: (_drover_v1_ClusterDrift)[];
}

export interface DriftResponse__Output {
  'nodes': (_drover_v1_NodeDrift__Output)[];
  'clusters': (_drover_v1_ClusterDrift__Output)[];
}
