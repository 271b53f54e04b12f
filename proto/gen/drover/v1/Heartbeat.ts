// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Heartbeat {
  'agentTimeMs'?: (number | string | Long);
  'factsHash'?: (string);
  'auditHead'?: (string);
}

export interface Heartbeat__Output {
  'agentTimeMs': (number);
  'factsHash': (string);
  'auditHead': (string);
}
