// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ChallengeResponse {
  'nonce'?: (Buffer | Uint8Array | string);
  'serverTimeMs'?: (number | string | Long);
  'serverProof'?: (Buffer | Uint8Array | string);
}

export interface ChallengeResponse__Output {
  'nonce': (Buffer);
  'serverTimeMs': (number);
  'serverProof': (Buffer);
}
