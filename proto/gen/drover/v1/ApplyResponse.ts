// Original file: proto/drover/v1/fleet.proto

import type { PlanResponse as _drover_v1_PlanResponse, PlanResponse__Output as _drover_v1_PlanResponse__Output } from '../../drover/v1/PlanResponse.ts';

export interface ApplyResponse {
  'plan'?: (_drover_v1_PlanResponse | null);
  'operationId'?: (string);
}

export interface ApplyResponse__Output {
  'plan': (_drover_v1_PlanResponse__Output | null);
  'operationId': (string);
}
