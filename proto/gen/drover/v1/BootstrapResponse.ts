// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface BootstrapResponse {
  'keysetEnvelope'?: (Buffer | Uint8Array | string);
  'caPem'?: (string);
  'fleetId'?: (string);
  'serverTimeMs'?: (number | string | Long);
}

export interface BootstrapResponse__Output {
  'keysetEnvelope': (Buffer);
  'caPem': (string);
  'fleetId': (string);
  'serverTimeMs': (number);
}
