// Original file: proto/drover/v1/fleet.proto

import type { OperationSummary as _drover_v1_OperationSummary, OperationSummary__Output as _drover_v1_OperationSummary__Output } from '../../drover/v1/OperationSummary.ts';
import type { OperationPhase as _drover_v1_OperationPhase, OperationPhase__Output as _drover_v1_OperationPhase__Output } from '../../drover/v1/OperationPhase.ts';
import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from '../../drover/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

export interface Operation {
  'summary'?: (_drover_v1_OperationSummary | null);
  'phases'?: (_drover_v1_OperationPhase)[];
  'failure'?: (_drover_v1_Failure | null);
  'outputJson'?: (string);
  'tookMs'?: (number | string | Long);
  'rolledBack'?: (boolean);
}

export interface Operation__Output {
  'summary': (_drover_v1_OperationSummary__Output | null);
  'phases': (_drover_v1_OperationPhase__Output)[];
  'failure': (_drover_v1_Failure__Output | null);
  'outputJson': (string);
  'tookMs': (number);
  'rolledBack': (boolean);
}
