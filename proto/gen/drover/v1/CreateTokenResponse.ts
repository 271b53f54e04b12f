// Original file: proto/drover/v1/fleet.proto

import type { Token as _drover_v1_Token, Token__Output as _drover_v1_Token__Output } from '../../drover/v1/Token.ts';

export interface CreateTokenResponse {
  'token'?: (_drover_v1_Token | null);
  'secretToken'?: (string);
}

export interface CreateTokenResponse__Output {
  'token': (_drover_v1_Token__Output | null);
  'secretToken': (string);
}
