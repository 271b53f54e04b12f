// Original file: proto/drover/v1/fleet.proto

import type { Node as _drover_v1_Node, Node__Output as _drover_v1_Node__Output } from '../../drover/v1/Node.ts';

export interface ShowNodeResponse {
  'node'?: (_drover_v1_Node | null);
  'factsJson'?: (string);
}

export interface ShowNodeResponse__Output {
  'node': (_drover_v1_Node__Output | null);
  'factsJson': (string);
}
