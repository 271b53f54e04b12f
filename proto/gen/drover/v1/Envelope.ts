// Original file: proto/drover/v1/model.proto

import type { Signature as _drover_v1_Signature, Signature__Output as _drover_v1_Signature__Output } from '../../drover/v1/Signature.ts';

export interface Envelope {
  'payloadType'?: (string);
  'payload'?: (Buffer | Uint8Array | string);
  'signatures'?: (_drover_v1_Signature)[];
}

export interface Envelope__Output {
  'payloadType': (string);
  'payload': (Buffer);
  'signatures': (_drover_v1_Signature__Output)[];
}
