// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Goodbye {
  'reconnectAfterMs'?: (number | string | Long);
  'reason'?: (string);
}

export interface Goodbye__Output {
  'reconnectAfterMs': (number);
  'reason': (string);
}
