// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface PlanRequest {
  'specYaml'?: (string);
  'fileName'?: (string);
  'rebalance'?: (boolean);
  'maxMoves'?: (number);
  'remove'?: (string)[];
  'restart'?: (boolean);
  'keepMs'?: (number | string | Long);
  '_keepMs'?: "keepMs";
}

export interface PlanRequest__Output {
  'specYaml': (string);
  'fileName': (string);
  'rebalance': (boolean);
  'maxMoves': (number);
  'remove': (string)[];
  'restart': (boolean);
  'keepMs'?: (number);
  '_keepMs'?: "keepMs";
}
