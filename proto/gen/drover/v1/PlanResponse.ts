// Original file: proto/drover/v1/fleet.proto

import type { Change as _drover_v1_Change, Change__Output as _drover_v1_Change__Output } from '../../drover/v1/Change.ts';
import type { Problem as _drover_v1_Problem, Problem__Output as _drover_v1_Problem__Output } from '../../drover/v1/Problem.ts';
import type { Placement as _drover_v1_Placement, Placement__Output as _drover_v1_Placement__Output } from '../../drover/v1/Placement.ts';
import type { Setting as _drover_v1_Setting, Setting__Output as _drover_v1_Setting__Output } from '../../drover/v1/Setting.ts';
import type { Phase as _drover_v1_Phase, Phase__Output as _drover_v1_Phase__Output } from '../../drover/v1/Phase.ts';
import type { KernelSetting as _drover_v1_KernelSetting, KernelSetting__Output as _drover_v1_KernelSetting__Output } from '../../drover/v1/KernelSetting.ts';
import type { Layout as _drover_v1_Layout, Layout__Output as _drover_v1_Layout__Output } from '../../drover/v1/Layout.ts';
import type { Rebalance as _drover_v1_Rebalance, Rebalance__Output as _drover_v1_Rebalance__Output } from '../../drover/v1/Rebalance.ts';
import type { Long } from '@grpc/proto-loader';

export interface PlanResponse {
  'planId'?: (string);
  'baseRevision'?: (number | string | Long);
  'changes'?: (_drover_v1_Change)[];
  'problems'?: (_drover_v1_Problem)[];
  'placements'?: (_drover_v1_Placement)[];
  'settings'?: (_drover_v1_Setting)[];
  'phases'?: (_drover_v1_Phase)[];
  'kernel'?: (_drover_v1_KernelSetting)[];
  'layout'?: (_drover_v1_Layout | null);
  'rebalance'?: (_drover_v1_Rebalance | null);
}

export interface PlanResponse__Output {
  'planId': (string);
  'baseRevision': (number);
  'changes': (_drover_v1_Change__Output)[];
  'problems': (_drover_v1_Problem__Output)[];
  'placements': (_drover_v1_Placement__Output)[];
  'settings': (_drover_v1_Setting__Output)[];
  'phases': (_drover_v1_Phase__Output)[];
  'kernel': (_drover_v1_KernelSetting__Output)[];
  'layout': (_drover_v1_Layout__Output | null);
  'rebalance': (_drover_v1_Rebalance__Output | null);
}
