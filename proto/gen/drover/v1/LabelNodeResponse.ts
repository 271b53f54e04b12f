// Original file: proto/drover/v1/fleet.proto

import type { Node as _drover_v1_Node, Node__Output as _drover_v1_Node__Output } from '../../drover/v1/Node.ts';

export interface LabelNodeResponse {
  'node'?: (_drover_v1_Node | null);
}

export interface LabelNodeResponse__Output {
  'node': (_drover_v1_Node__Output | null);
}
