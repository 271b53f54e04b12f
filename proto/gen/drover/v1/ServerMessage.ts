// Original file: proto/drover/v1/agent.proto

import type { Welcome as _drover_v1_Welcome, Welcome__Output as _drover_v1_Welcome__Output } from '../../drover/v1/Welcome.ts';
import type { Envelope as _drover_v1_Envelope, Envelope__Output as _drover_v1_Envelope__Output } from '../../drover/v1/Envelope.ts';
import type { ResultAck as _drover_v1_ResultAck, ResultAck__Output as _drover_v1_ResultAck__Output } from '../../drover/v1/ResultAck.ts';
import type { Goodbye as _drover_v1_Goodbye, Goodbye__Output as _drover_v1_Goodbye__Output } from '../../drover/v1/Goodbye.ts';
import type { RequestState as _drover_v1_RequestState, RequestState__Output as _drover_v1_RequestState__Output } from '../../drover/v1/RequestState.ts';
import type { AuditAck as _drover_v1_AuditAck, AuditAck__Output as _drover_v1_AuditAck__Output } from '../../drover/v1/AuditAck.ts';
import type { LookNow as _drover_v1_LookNow, LookNow__Output as _drover_v1_LookNow__Output } from '../../drover/v1/LookNow.ts';

export interface ServerMessage {
  'welcome'?: (_drover_v1_Welcome | null);
  'command'?: (_drover_v1_Envelope | null);
  'ack'?: (_drover_v1_ResultAck | null);
  'goodbye'?: (_drover_v1_Goodbye | null);
  'requestState'?: (_drover_v1_RequestState | null);
  'auditAck'?: (_drover_v1_AuditAck | null);
  'lookNow'?: (_drover_v1_LookNow | null);
  'body'?: "welcome"|"command"|"ack"|"goodbye"|"requestState"|"auditAck"|"lookNow";
}

export interface ServerMessage__Output {
  'welcome'?: (_drover_v1_Welcome__Output | null);
  'command'?: (_drover_v1_Envelope__Output | null);
  'ack'?: (_drover_v1_ResultAck__Output | null);
  'goodbye'?: (_drover_v1_Goodbye__Output | null);
  'requestState'?: (_drover_v1_RequestState__Output | null);
  'auditAck'?: (_drover_v1_AuditAck__Output | null);
  'lookNow'?: (_drover_v1_LookNow__Output | null);
  'body'?: "welcome"|"command"|"ack"|"goodbye"|"requestState"|"auditAck"|"lookNow";
}
