// Original file: proto/drover/v1/fleet.proto

import type { OperationStep as _drover_v1_OperationStep, OperationStep__Output as _drover_v1_OperationStep__Output } from '../../drover/v1/OperationStep.ts';

export interface OperationPhase {
  'name'?: (string);
  'steps'?: (_drover_v1_OperationStep)[];
}

export interface OperationPhase__Output {
  'name': (string);
  'steps': (_drover_v1_OperationStep__Output)[];
}
