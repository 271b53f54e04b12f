// Original file: proto/drover/v1/agent.proto

import type { Hello as _drover_v1_Hello, Hello__Output as _drover_v1_Hello__Output } from '../../drover/v1/Hello.ts';
import type { Heartbeat as _drover_v1_Heartbeat, Heartbeat__Output as _drover_v1_Heartbeat__Output } from '../../drover/v1/Heartbeat.ts';
import type { CommandAccepted as _drover_v1_CommandAccepted, CommandAccepted__Output as _drover_v1_CommandAccepted__Output } from '../../drover/v1/CommandAccepted.ts';
import type { CommandFinished as _drover_v1_CommandFinished, CommandFinished__Output as _drover_v1_CommandFinished__Output } from '../../drover/v1/CommandFinished.ts';
import type { AuditBatch as _drover_v1_AuditBatch, AuditBatch__Output as _drover_v1_AuditBatch__Output } from '../../drover/v1/AuditBatch.ts';
import type { CommandProgress as _drover_v1_CommandProgress, CommandProgress__Output as _drover_v1_CommandProgress__Output } from '../../drover/v1/CommandProgress.ts';
import type { Long } from '@grpc/proto-loader';

export interface AgentMessage {
  'sequence'?: (number | string | Long);
  'hello'?: (_drover_v1_Hello | null);
  'heartbeat'?: (_drover_v1_Heartbeat | null);
  'accepted'?: (_drover_v1_CommandAccepted | null);
  'finished'?: (_drover_v1_CommandFinished | null);
  'factsJson'?: (Buffer | Uint8Array | string);
  'observationJson'?: (Buffer | Uint8Array | string);
  'audit'?: (_drover_v1_AuditBatch | null);
  'progress'?: (_drover_v1_CommandProgress | null);
  'lookJson'?: (Buffer | Uint8Array | string);
  'body'?: "hello"|"heartbeat"|"accepted"|"finished"|"factsJson"|"observationJson"|"audit"|"progress"|"lookJson";
}

export interface AgentMessage__Output {
  'sequence': (number);
  'hello'?: (_drover_v1_Hello__Output | null);
  'heartbeat'?: (_drover_v1_Heartbeat__Output | null);
  'accepted'?: (_drover_v1_CommandAccepted__Output | null);
  'finished'?: (_drover_v1_CommandFinished__Output | null);
  'factsJson'?: (Buffer);
  'observationJson'?: (Buffer);
  'audit'?: (_drover_v1_AuditBatch__Output | null);
  'progress'?: (_drover_v1_CommandProgress__Output | null);
  'lookJson'?: (Buffer);
  'body'?: "hello"|"heartbeat"|"accepted"|"finished"|"factsJson"|"observationJson"|"audit"|"progress"|"lookJson";
}
