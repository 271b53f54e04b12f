// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/drover/v1/agent.proto

export const _drover_v1_EnrolResponse_State = {
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  ACTIVE: 'ACTIVE',
  PENDING: 'PENDING',
} as const;

export type _drover_v1_EnrolResponse_State =
  | 'STATE_UNSPECIFIED'
  | 0
  | 'ACTIVE'
  | 1
  | 'PENDING'
  | 2

export type _drover_v1_EnrolResponse_State__Output = typeof _drover_v1_EnrolResponse_State[keyof typeof _drover_v1_EnrolResponse_State]

export interface EnrolResponse {
  'state'?: (_drover_v1_EnrolResponse_State);
  'nodeId'?: (string);
  'generation'?: (number | string | Long);
  'certificatePem'?: (string);
  'caPem'?: (string);
  'message'?: (string);
  'meshAddresses'?: (string)[];
}

export interface EnrolResponse__Output {
  'state': (_drover_v1_EnrolResponse_State__Output);
  'nodeId': (string);
  'generation': (number);
  'certificatePem': (string);
  'caPem': (string);
  'message': (string);
  'meshAddresses': (string)[];
}
