// Original file: proto/drover/v1/fleet.proto

import type { Change as _drover_v1_Change, Change__Output as _drover_v1_Change__Output } from './Change.ts';
import type { Problem as _drover_v1_Problem, Problem__Output as _drover_v1_Problem__Output } from './Problem.ts';
import type { Placement as _drover_v1_Placement, Placement__Output as _drover_v1_Placement__Output } from './Placement.ts';
import type { Setting as _drover_v1_Setting, Setting__Output as _drover_v1_Setting__Output } from './Setting.ts';
import type { Phase as _drover_v1_Phase, Phase__Output as _drover_v1_Phase__Output } from './Phase.ts';
import type { Long } from '@grpc/proto-loader';

export interface PlanResponse {
  'planId'?: (string);
  'baseRevision'?: (number | string | Long);
  'changes'?: (_drover_v1_Change)[];
  'problems'?: (_drover_v1_Problem)[];
  'placements'?: (_drover_v1_Placement)[];
  'settings'?: (_drover_v1_Setting)[];
  'phases'?: (_drover_v1_Phase)[];
}

export interface PlanResponse__Output {
  'planId': (string);
  'baseRevision': (number);
  'changes': (_drover_v1_Change__Output)[];
  'problems': (_drover_v1_Problem__Output)[];
  'placements': (_drover_v1_Placement__Output)[];
  'settings': (_drover_v1_Setting__Output)[];
  'phases': (_drover_v1_Phase__Output)[];
}
