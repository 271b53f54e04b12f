// Original file: proto/drover/v1/fleet.proto

import type { Token as _drover_v1_Token, Token__Output as _drover_v1_Token__Output } from '../../drover/v1/Token.ts';

export interface RevokeTokenResponse {
  'token'?: (_drover_v1_Token | null);
}

export interface RevokeTokenResponse__Output {
  'token': (_drover_v1_Token__Output | null);
}
