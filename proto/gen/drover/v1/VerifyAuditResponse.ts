// Original file: proto/drover/v1/fleet.proto

import type { AuditChain as _drover_v1_AuditChain, AuditChain__Output as _drover_v1_AuditChain__Output } from '../../drover/v1/AuditChain.ts';

export interface VerifyAuditResponse {
  'chains'?: (_drover_v1_AuditChain)[];
}

export interface VerifyAuditResponse__Output {
  'chains': (_drover_v1_AuditChain__Output)[];
}
