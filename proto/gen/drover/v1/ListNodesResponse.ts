// Original file: proto/drover/v1/fleet.proto

import type { Node as _drover_v1_Node, Node__Output as _drover_v1_Node__Output } from './Node.ts';

export interface ListNodesResponse {
  'nodes'?: (_drover_v1_Node)[];
}

export interface ListNodesResponse__Output {
  'nodes': (_drover_v1_Node__Output)[];
}
