// Original file: proto/drover/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { BootstrapRequest as _drover_v1_BootstrapRequest, BootstrapRequest__Output as _drover_v1_BootstrapRequest__Output } from '../../drover/v1/BootstrapRequest.ts';
import type { BootstrapResponse as _drover_v1_BootstrapResponse, BootstrapResponse__Output as _drover_v1_BootstrapResponse__Output } from '../../drover/v1/BootstrapResponse.ts';
import type { ChallengeRequest as _drover_v1_ChallengeRequest, ChallengeRequest__Output as _drover_v1_ChallengeRequest__Output } from '../../drover/v1/ChallengeRequest.ts';
import type { ChallengeResponse as _drover_v1_ChallengeResponse, ChallengeResponse__Output as _drover_v1_ChallengeResponse__Output } from '../../drover/v1/ChallengeResponse.ts';
import type { EnrolRequest as _drover_v1_EnrolRequest, EnrolRequest__Output as _drover_v1_EnrolRequest__Output } from '../../drover/v1/EnrolRequest.ts';
import type { EnrolResponse as _drover_v1_EnrolResponse, EnrolResponse__Output as _drover_v1_EnrolResponse__Output } from '../../drover/v1/EnrolResponse.ts';
import type { RecoverRequest as _drover_v1_RecoverRequest, RecoverRequest__Output as _drover_v1_RecoverRequest__Output } from '../../drover/v1/RecoverRequest.ts';

export interface EnrolmentClient extends grpc.Client {
  Bootstrap(argument: _drover_v1_BootstrapRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  Bootstrap(argument: _drover_v1_BootstrapRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  Bootstrap(argument: _drover_v1_BootstrapRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  Bootstrap(argument: _drover_v1_BootstrapRequest, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  bootstrap(argument: _drover_v1_BootstrapRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  bootstrap(argument: _drover_v1_BootstrapRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  bootstrap(argument: _drover_v1_BootstrapRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  bootstrap(argument: _drover_v1_BootstrapRequest, callback: grpc.requestCallback<_drover_v1_BootstrapResponse__Output>): grpc.ClientUnaryCall;
  
  Challenge(argument: _drover_v1_ChallengeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  Challenge(argument: _drover_v1_ChallengeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  Challenge(argument: _drover_v1_ChallengeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  Challenge(argument: _drover_v1_ChallengeRequest, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  challenge(argument: _drover_v1_ChallengeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  challenge(argument: _drover_v1_ChallengeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  challenge(argument: _drover_v1_ChallengeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  challenge(argument: _drover_v1_ChallengeRequest, callback: grpc.requestCallback<_drover_v1_ChallengeResponse__Output>): grpc.ClientUnaryCall;
  
  Enrol(argument: _drover_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _drover_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _drover_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _drover_v1_EnrolRequest, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _drover_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _drover_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _drover_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _drover_v1_EnrolRequest, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  
  Recover(argument: _drover_v1_RecoverRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Recover(argument: _drover_v1_RecoverRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Recover(argument: _drover_v1_RecoverRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  Recover(argument: _drover_v1_RecoverRequest, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  recover(argument: _drover_v1_RecoverRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  recover(argument: _drover_v1_RecoverRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  recover(argument: _drover_v1_RecoverRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  recover(argument: _drover_v1_RecoverRequest, callback: grpc.requestCallback<_drover_v1_EnrolResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface EnrolmentHandlers extends grpc.UntypedServiceImplementation {
  Bootstrap: grpc.handleUnaryCall<_drover_v1_BootstrapRequest__Output, _drover_v1_BootstrapResponse>;
  
  Challenge: grpc.handleUnaryCall<_drover_v1_ChallengeRequest__Output, _drover_v1_ChallengeResponse>;
  
  Enrol: grpc.handleUnaryCall<_drover_v1_EnrolRequest__Output, _drover_v1_EnrolResponse>;
  
  Recover: grpc.handleUnaryCall<_drover_v1_RecoverRequest__Output, _drover_v1_EnrolResponse>;
  
}

export interface EnrolmentDefinition extends grpc.ServiceDefinition {
  Bootstrap: MethodDefinition<_drover_v1_BootstrapRequest, _drover_v1_BootstrapResponse, _drover_v1_BootstrapRequest__Output, _drover_v1_BootstrapResponse__Output>
  Challenge: MethodDefinition<_drover_v1_ChallengeRequest, _drover_v1_ChallengeResponse, _drover_v1_ChallengeRequest__Output, _drover_v1_ChallengeResponse__Output>
  Enrol: MethodDefinition<_drover_v1_EnrolRequest, _drover_v1_EnrolResponse, _drover_v1_EnrolRequest__Output, _drover_v1_EnrolResponse__Output>
  Recover: MethodDefinition<_drover_v1_RecoverRequest, _drover_v1_EnrolResponse, _drover_v1_RecoverRequest__Output, _drover_v1_EnrolResponse__Output>
}
