// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface WatchOperationRequest {
  'operationId'?: (string);
  'afterCursor'?: (number | string | Long);
}

export interface WatchOperationRequest__Output {
  'operationId': (string);
  'afterCursor': (number);
}
