// Original file: proto/drover/v1/fleet.proto

import type { RejectedNode as _drover_v1_RejectedNode, RejectedNode__Output as _drover_v1_RejectedNode__Output } from '../../drover/v1/RejectedNode.ts';

export interface Placement {
  'cluster'?: (string);
  'instance'?: (string);
  'node'?: (string);
  'because'?: (string);
  'rejected'?: (_drover_v1_RejectedNode)[];
}

export interface Placement__Output {
  'cluster': (string);
  'instance': (string);
  'node': (string);
  'because': (string);
  'rejected': (_drover_v1_RejectedNode__Output)[];
}
