import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AgentMessage as _drover_v1_AgentMessage, AgentMessage__Output as _drover_v1_AgentMessage__Output } from './drover/v1/AgentMessage.ts';
import type { AuditAck as _drover_v1_AuditAck, AuditAck__Output as _drover_v1_AuditAck__Output } from './drover/v1/AuditAck.ts';
import type { AuditBatch as _drover_v1_AuditBatch, AuditBatch__Output as _drover_v1_AuditBatch__Output } from './drover/v1/AuditBatch.ts';
import type { BootstrapRequest as _drover_v1_BootstrapRequest, BootstrapRequest__Output as _drover_v1_BootstrapRequest__Output } from './drover/v1/BootstrapRequest.ts';
import type { BootstrapResponse as _drover_v1_BootstrapResponse, BootstrapResponse__Output as _drover_v1_BootstrapResponse__Output } from './drover/v1/BootstrapResponse.ts';
import type { ChallengeRequest as _drover_v1_ChallengeRequest, ChallengeRequest__Output as _drover_v1_ChallengeRequest__Output } from './drover/v1/ChallengeRequest.ts';
import type { ChallengeResponse as _drover_v1_ChallengeResponse, ChallengeResponse__Output as _drover_v1_ChallengeResponse__Output } from './drover/v1/ChallengeResponse.ts';
import type { Command as _drover_v1_Command, Command__Output as _drover_v1_Command__Output } from './drover/v1/Command.ts';
import type { CommandAccepted as _drover_v1_CommandAccepted, CommandAccepted__Output as _drover_v1_CommandAccepted__Output } from './drover/v1/CommandAccepted.ts';
import type { CommandFinished as _drover_v1_CommandFinished, CommandFinished__Output as _drover_v1_CommandFinished__Output } from './drover/v1/CommandFinished.ts';
import type { CommandProgress as _drover_v1_CommandProgress, CommandProgress__Output as _drover_v1_CommandProgress__Output } from './drover/v1/CommandProgress.ts';
import type { EnrolRequest as _drover_v1_EnrolRequest, EnrolRequest__Output as _drover_v1_EnrolRequest__Output } from './drover/v1/EnrolRequest.ts';
import type { EnrolResponse as _drover_v1_EnrolResponse, EnrolResponse__Output as _drover_v1_EnrolResponse__Output } from './drover/v1/EnrolResponse.ts';
import type { EnrolmentClient as _drover_v1_EnrolmentClient, EnrolmentDefinition as _drover_v1_EnrolmentDefinition } from './drover/v1/Enrolment.ts';
import type { Envelope as _drover_v1_Envelope, Envelope__Output as _drover_v1_Envelope__Output } from './drover/v1/Envelope.ts';
import type { Evidence as _drover_v1_Evidence, Evidence__Output as _drover_v1_Evidence__Output } from './drover/v1/Evidence.ts';
import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from './drover/v1/Failure.ts';
import type { Goodbye as _drover_v1_Goodbye, Goodbye__Output as _drover_v1_Goodbye__Output } from './drover/v1/Goodbye.ts';
import type { Heartbeat as _drover_v1_Heartbeat, Heartbeat__Output as _drover_v1_Heartbeat__Output } from './drover/v1/Heartbeat.ts';
import type { Hello as _drover_v1_Hello, Hello__Output as _drover_v1_Hello__Output } from './drover/v1/Hello.ts';
import type { IssueCertificateRequest as _drover_v1_IssueCertificateRequest, IssueCertificateRequest__Output as _drover_v1_IssueCertificateRequest__Output } from './drover/v1/IssueCertificateRequest.ts';
import type { IssueCertificateResponse as _drover_v1_IssueCertificateResponse, IssueCertificateResponse__Output as _drover_v1_IssueCertificateResponse__Output } from './drover/v1/IssueCertificateResponse.ts';
import type { LookNow as _drover_v1_LookNow, LookNow__Output as _drover_v1_LookNow__Output } from './drover/v1/LookNow.ts';
import type { MeshClient as _drover_v1_MeshClient, MeshDefinition as _drover_v1_MeshDefinition } from './drover/v1/Mesh.ts';
import type { Problem as _drover_v1_Problem, Problem__Output as _drover_v1_Problem__Output } from './drover/v1/Problem.ts';
import type { RecoverRequest as _drover_v1_RecoverRequest, RecoverRequest__Output as _drover_v1_RecoverRequest__Output } from './drover/v1/RecoverRequest.ts';
import type { RenewRequest as _drover_v1_RenewRequest, RenewRequest__Output as _drover_v1_RenewRequest__Output } from './drover/v1/RenewRequest.ts';
import type { RenewResponse as _drover_v1_RenewResponse, RenewResponse__Output as _drover_v1_RenewResponse__Output } from './drover/v1/RenewResponse.ts';
import type { RequestState as _drover_v1_RequestState, RequestState__Output as _drover_v1_RequestState__Output } from './drover/v1/RequestState.ts';
import type { ResultAck as _drover_v1_ResultAck, ResultAck__Output as _drover_v1_ResultAck__Output } from './drover/v1/ResultAck.ts';
import type { ServerMessage as _drover_v1_ServerMessage, ServerMessage__Output as _drover_v1_ServerMessage__Output } from './drover/v1/ServerMessage.ts';
import type { Signature as _drover_v1_Signature, Signature__Output as _drover_v1_Signature__Output } from './drover/v1/Signature.ts';
import type { Welcome as _drover_v1_Welcome, Welcome__Output as _drover_v1_Welcome__Output } from './drover/v1/Welcome.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  drover: {
    v1: {
      AgentMessage: MessageTypeDefinition<_drover_v1_AgentMessage, _drover_v1_AgentMessage__Output>
      AuditAck: MessageTypeDefinition<_drover_v1_AuditAck, _drover_v1_AuditAck__Output>
      AuditBatch: MessageTypeDefinition<_drover_v1_AuditBatch, _drover_v1_AuditBatch__Output>
      BootstrapRequest: MessageTypeDefinition<_drover_v1_BootstrapRequest, _drover_v1_BootstrapRequest__Output>
      BootstrapResponse: MessageTypeDefinition<_drover_v1_BootstrapResponse, _drover_v1_BootstrapResponse__Output>
      ChallengeRequest: MessageTypeDefinition<_drover_v1_ChallengeRequest, _drover_v1_ChallengeRequest__Output>
      ChallengeResponse: MessageTypeDefinition<_drover_v1_ChallengeResponse, _drover_v1_ChallengeResponse__Output>
      Command: MessageTypeDefinition<_drover_v1_Command, _drover_v1_Command__Output>
      CommandAccepted: MessageTypeDefinition<_drover_v1_CommandAccepted, _drover_v1_CommandAccepted__Output>
      CommandFinished: MessageTypeDefinition<_drover_v1_CommandFinished, _drover_v1_CommandFinished__Output>
      CommandProgress: MessageTypeDefinition<_drover_v1_CommandProgress, _drover_v1_CommandProgress__Output>
      EnrolRequest: MessageTypeDefinition<_drover_v1_EnrolRequest, _drover_v1_EnrolRequest__Output>
      EnrolResponse: MessageTypeDefinition<_drover_v1_EnrolResponse, _drover_v1_EnrolResponse__Output>
      Enrolment: SubtypeConstructor<typeof grpc.Client, _drover_v1_EnrolmentClient> & { service: _drover_v1_EnrolmentDefinition }
      Envelope: MessageTypeDefinition<_drover_v1_Envelope, _drover_v1_Envelope__Output>
      Evidence: MessageTypeDefinition<_drover_v1_Evidence, _drover_v1_Evidence__Output>
      Failure: MessageTypeDefinition<_drover_v1_Failure, _drover_v1_Failure__Output>
      Goodbye: MessageTypeDefinition<_drover_v1_Goodbye, _drover_v1_Goodbye__Output>
      Heartbeat: MessageTypeDefinition<_drover_v1_Heartbeat, _drover_v1_Heartbeat__Output>
      Hello: MessageTypeDefinition<_drover_v1_Hello, _drover_v1_Hello__Output>
      IssueCertificateRequest: MessageTypeDefinition<_drover_v1_IssueCertificateRequest, _drover_v1_IssueCertificateRequest__Output>
      IssueCertificateResponse: MessageTypeDefinition<_drover_v1_IssueCertificateResponse, _drover_v1_IssueCertificateResponse__Output>
      LookNow: MessageTypeDefinition<_drover_v1_LookNow, _drover_v1_LookNow__Output>
      Mesh: SubtypeConstructor<typeof grpc.Client, _drover_v1_MeshClient> & { service: _drover_v1_MeshDefinition }
      Problem: MessageTypeDefinition<_drover_v1_Problem, _drover_v1_Problem__Output>
      RecoverRequest: MessageTypeDefinition<_drover_v1_RecoverRequest, _drover_v1_RecoverRequest__Output>
      RenewRequest: MessageTypeDefinition<_drover_v1_RenewRequest, _drover_v1_RenewRequest__Output>
      RenewResponse: MessageTypeDefinition<_drover_v1_RenewResponse, _drover_v1_RenewResponse__Output>
      RequestState: MessageTypeDefinition<_drover_v1_RequestState, _drover_v1_RequestState__Output>
      ResultAck: MessageTypeDefinition<_drover_v1_ResultAck, _drover_v1_ResultAck__Output>
      ServerMessage: MessageTypeDefinition<_drover_v1_ServerMessage, _drover_v1_ServerMessage__Output>
      Signature: MessageTypeDefinition<_drover_v1_Signature, _drover_v1_Signature__Output>
      Welcome: MessageTypeDefinition<_drover_v1_Welcome, _drover_v1_Welcome__Output>
    }
  }
}

