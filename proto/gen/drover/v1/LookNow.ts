// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface LookNow {
  'number'?: (number | string | Long);
}

export interface LookNow__Output {
  'number': (number);
}
