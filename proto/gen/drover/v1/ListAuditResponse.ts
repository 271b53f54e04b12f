// Original file: proto/drover/v1/fleet.proto

import type { AuditRecord as _drover_v1_AuditRecord, AuditRecord__Output as _drover_v1_AuditRecord__Output } from '../../drover/v1/AuditRecord.ts';

export interface ListAuditResponse {
  'records'?: (_drover_v1_AuditRecord)[];
}

export interface ListAuditResponse__Output {
  'records': (_drover_v1_AuditRecord__Output)[];
}
