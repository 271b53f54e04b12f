// Original file: proto/drover/v1/fleet.proto

import type { OperationStep as _drover_v1_OperationStep, OperationStep__Output as _drover_v1_OperationStep__Output } from '../../drover/v1/OperationStep.ts';
import type { Span as _drover_v1_Span, Span__Output as _drover_v1_Span__Output } from '../../drover/v1/Span.ts';

export interface OperationPhase {
  'name'?: (string);
  'steps'?: (_drover_v1_OperationStep)[];
  'span'?: (_drover_v1_Span | null);
}

export interface OperationPhase__Output {
  'name': (string);
  'steps': (_drover_v1_OperationStep__Output)[];
  'span': (_drover_v1_Span__Output | null);
}
