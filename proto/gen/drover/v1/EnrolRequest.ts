// Original file: proto/drover/v1/agent.proto

import type { Evidence as _drover_v1_Evidence, Evidence__Output as _drover_v1_Evidence__Output } from '../../drover/v1/Evidence.ts';

export interface EnrolRequest {
  'tokenId'?: (string);
  'nonce'?: (Buffer | Uint8Array | string);
  'csr'?: (Buffer | Uint8Array | string);
  'identityKey'?: (Buffer | Uint8Array | string);
  'proof'?: (Buffer | Uint8Array | string);
  'evidence'?: (_drover_v1_Evidence | null);
}

export interface EnrolRequest__Output {
  'tokenId': (string);
  'nonce': (Buffer);
  'csr': (Buffer);
  'identityKey': (Buffer);
  'proof': (Buffer);
  'evidence': (_drover_v1_Evidence__Output | null);
}
