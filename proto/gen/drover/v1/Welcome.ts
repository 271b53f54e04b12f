// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Welcome {
  'fleetId'?: (string);
  'serverTimeMs'?: (number | string | Long);
  'heartbeatIntervalMs'?: (number | string | Long);
  'leaderEpoch'?: (number | string | Long);
  'wantFacts'?: (boolean);
  'keysetEnvelope'?: (Buffer | Uint8Array | string);
  'auditIndex'?: (number | string | Long);
  'protocol'?: (number);
}

export interface Welcome__Output {
  'fleetId': (string);
  'serverTimeMs': (number);
  'heartbeatIntervalMs': (number);
  'leaderEpoch': (number);
  'wantFacts': (boolean);
  'keysetEnvelope': (Buffer);
  'auditIndex': (number);
  'protocol': (number);
}
