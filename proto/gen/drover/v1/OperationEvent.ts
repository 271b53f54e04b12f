// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface OperationEvent {
  'cursor'?: (number | string | Long);
  'atMs'?: (number | string | Long);
  'type'?: (string);
  'operationId'?: (string);
  'stepId'?: (string);
  'node'?: (string);
  'message'?: (string);
  'state'?: (string);
}

export interface OperationEvent__Output {
  'cursor': (number);
  'atMs': (number);
  'type': (string);
  'operationId': (string);
  'stepId': (string);
  'node': (string);
  'message': (string);
  'state': (string);
}
