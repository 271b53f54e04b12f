// Original file: proto/drover/v1/fleet.proto

import type { Move as _drover_v1_Move, Move__Output as _drover_v1_Move__Output } from '../../drover/v1/Move.ts';

export interface Rebalance {
  'moves'?: (_drover_v1_Move)[];
  'before'?: (number | string);
  'after'?: (number | string);
}

export interface Rebalance__Output {
  'moves': (_drover_v1_Move__Output)[];
  'before': (number);
  'after': (number);
}
