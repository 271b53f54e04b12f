// Original file: proto/drover/v1/fleet.proto

import type { NodeDrift as _drover_v1_NodeDrift, NodeDrift__Output as _drover_v1_NodeDrift__Output } from '../../drover/v1/NodeDrift.ts';

export interface DriftResponse {
  'nodes'?: (_drover_v1_NodeDrift)[];
}

export interface DriftResponse__Output {
  'nodes': (_drover_v1_NodeDrift__Output)[];
}
