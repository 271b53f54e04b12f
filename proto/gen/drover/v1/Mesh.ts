// Original file: proto/drover/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AgentMessage as _drover_v1_AgentMessage, AgentMessage__Output as _drover_v1_AgentMessage__Output } from '../../drover/v1/AgentMessage.ts';
import type { IssueCertificateRequest as _drover_v1_IssueCertificateRequest, IssueCertificateRequest__Output as _drover_v1_IssueCertificateRequest__Output } from '../../drover/v1/IssueCertificateRequest.ts';
import type { IssueCertificateResponse as _drover_v1_IssueCertificateResponse, IssueCertificateResponse__Output as _drover_v1_IssueCertificateResponse__Output } from '../../drover/v1/IssueCertificateResponse.ts';
import type { RenewRequest as _drover_v1_RenewRequest, RenewRequest__Output as _drover_v1_RenewRequest__Output } from '../../drover/v1/RenewRequest.ts';
import type { RenewResponse as _drover_v1_RenewResponse, RenewResponse__Output as _drover_v1_RenewResponse__Output } from '../../drover/v1/RenewResponse.ts';
import type { ServerMessage as _drover_v1_ServerMessage, ServerMessage__Output as _drover_v1_ServerMessage__Output } from '../../drover/v1/ServerMessage.ts';

export interface MeshClient extends grpc.Client {
  IssueCertificate(argument: _drover_v1_IssueCertificateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  IssueCertificate(argument: _drover_v1_IssueCertificateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  IssueCertificate(argument: _drover_v1_IssueCertificateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  IssueCertificate(argument: _drover_v1_IssueCertificateRequest, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  issueCertificate(argument: _drover_v1_IssueCertificateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  issueCertificate(argument: _drover_v1_IssueCertificateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  issueCertificate(argument: _drover_v1_IssueCertificateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  issueCertificate(argument: _drover_v1_IssueCertificateRequest, callback: grpc.requestCallback<_drover_v1_IssueCertificateResponse__Output>): grpc.ClientUnaryCall;
  
  Renew(argument: _drover_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _drover_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _drover_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _drover_v1_RenewRequest, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _drover_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _drover_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _drover_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _drover_v1_RenewRequest, callback: grpc.requestCallback<_drover_v1_RenewResponse__Output>): grpc.ClientUnaryCall;
  
  Session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentMessage, _drover_v1_ServerMessage__Output>;
  Session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentMessage, _drover_v1_ServerMessage__Output>;
  session(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentMessage, _drover_v1_ServerMessage__Output>;
  session(options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentMessage, _drover_v1_ServerMessage__Output>;
  
}

export interface MeshHandlers extends grpc.UntypedServiceImplementation {
  IssueCertificate: grpc.handleUnaryCall<_drover_v1_IssueCertificateRequest__Output, _drover_v1_IssueCertificateResponse>;
  
  Renew: grpc.handleUnaryCall<_drover_v1_RenewRequest__Output, _drover_v1_RenewResponse>;
  
  Session: grpc.handleBidiStreamingCall<_drover_v1_AgentMessage__Output, _drover_v1_ServerMessage>;
  
}

export interface MeshDefinition extends grpc.ServiceDefinition {
  IssueCertificate: MethodDefinition<_drover_v1_IssueCertificateRequest, _drover_v1_IssueCertificateResponse, _drover_v1_IssueCertificateRequest__Output, _drover_v1_IssueCertificateResponse__Output>
  Renew: MethodDefinition<_drover_v1_RenewRequest, _drover_v1_RenewResponse, _drover_v1_RenewRequest__Output, _drover_v1_RenewResponse__Output>
  Session: MethodDefinition<_drover_v1_AgentMessage, _drover_v1_ServerMessage, _drover_v1_AgentMessage__Output, _drover_v1_ServerMessage__Output>
}
