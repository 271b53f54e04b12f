// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface AuditAck {
  'index'?: (number | string | Long);
}

export interface AuditAck__Output {
  'index': (number);
}
