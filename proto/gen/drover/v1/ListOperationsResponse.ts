// Original file: proto/drover/v1/fleet.proto

import type { OperationSummary as _drover_v1_OperationSummary, OperationSummary__Output as _drover_v1_OperationSummary__Output } from '../../drover/v1/OperationSummary.ts';

export interface ListOperationsResponse {
  'operations'?: (_drover_v1_OperationSummary)[];
}

export interface ListOperationsResponse__Output {
  'operations': (_drover_v1_OperationSummary__Output)[];
}
