// Original file: proto/drover/v1/fleet.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AddPackagesRequest as _drover_v1_AddPackagesRequest, AddPackagesRequest__Output as _drover_v1_AddPackagesRequest__Output } from '../../drover/v1/AddPackagesRequest.ts';
import type { AddPackagesResponse as _drover_v1_AddPackagesResponse, AddPackagesResponse__Output as _drover_v1_AddPackagesResponse__Output } from '../../drover/v1/AddPackagesResponse.ts';
import type { ApplyRequest as _drover_v1_ApplyRequest, ApplyRequest__Output as _drover_v1_ApplyRequest__Output } from '../../drover/v1/ApplyRequest.ts';
import type { ApplyResponse as _drover_v1_ApplyResponse, ApplyResponse__Output as _drover_v1_ApplyResponse__Output } from '../../drover/v1/ApplyResponse.ts';
import type { ApproveNodeRequest as _drover_v1_ApproveNodeRequest, ApproveNodeRequest__Output as _drover_v1_ApproveNodeRequest__Output } from '../../drover/v1/ApproveNodeRequest.ts';
import type { ApproveNodeResponse as _drover_v1_ApproveNodeResponse, ApproveNodeResponse__Output as _drover_v1_ApproveNodeResponse__Output } from '../../drover/v1/ApproveNodeResponse.ts';
import type { CancelOperationRequest as _drover_v1_CancelOperationRequest, CancelOperationRequest__Output as _drover_v1_CancelOperationRequest__Output } from '../../drover/v1/CancelOperationRequest.ts';
import type { CreateTokenRequest as _drover_v1_CreateTokenRequest, CreateTokenRequest__Output as _drover_v1_CreateTokenRequest__Output } from '../../drover/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _drover_v1_CreateTokenResponse, CreateTokenResponse__Output as _drover_v1_CreateTokenResponse__Output } from '../../drover/v1/CreateTokenResponse.ts';
import type { DriftRequest as _drover_v1_DriftRequest, DriftRequest__Output as _drover_v1_DriftRequest__Output } from '../../drover/v1/DriftRequest.ts';
import type { DriftResponse as _drover_v1_DriftResponse, DriftResponse__Output as _drover_v1_DriftResponse__Output } from '../../drover/v1/DriftResponse.ts';
import type { FillPackagesProgress as _drover_v1_FillPackagesProgress, FillPackagesProgress__Output as _drover_v1_FillPackagesProgress__Output } from '../../drover/v1/FillPackagesProgress.ts';
import type { FillPackagesRequest as _drover_v1_FillPackagesRequest, FillPackagesRequest__Output as _drover_v1_FillPackagesRequest__Output } from '../../drover/v1/FillPackagesRequest.ts';
import type { GetVersionRequest as _drover_v1_GetVersionRequest, GetVersionRequest__Output as _drover_v1_GetVersionRequest__Output } from '../../drover/v1/GetVersionRequest.ts';
import type { GetVersionResponse as _drover_v1_GetVersionResponse, GetVersionResponse__Output as _drover_v1_GetVersionResponse__Output } from '../../drover/v1/GetVersionResponse.ts';
import type { LabelNodeRequest as _drover_v1_LabelNodeRequest, LabelNodeRequest__Output as _drover_v1_LabelNodeRequest__Output } from '../../drover/v1/LabelNodeRequest.ts';
import type { LabelNodeResponse as _drover_v1_LabelNodeResponse, LabelNodeResponse__Output as _drover_v1_LabelNodeResponse__Output } from '../../drover/v1/LabelNodeResponse.ts';
import type { ListAuditRequest as _drover_v1_ListAuditRequest, ListAuditRequest__Output as _drover_v1_ListAuditRequest__Output } from '../../drover/v1/ListAuditRequest.ts';
import type { ListAuditResponse as _drover_v1_ListAuditResponse, ListAuditResponse__Output as _drover_v1_ListAuditResponse__Output } from '../../drover/v1/ListAuditResponse.ts';
import type { ListExtensionsRequest as _drover_v1_ListExtensionsRequest, ListExtensionsRequest__Output as _drover_v1_ListExtensionsRequest__Output } from '../../drover/v1/ListExtensionsRequest.ts';
import type { ListExtensionsResponse as _drover_v1_ListExtensionsResponse, ListExtensionsResponse__Output as _drover_v1_ListExtensionsResponse__Output } from '../../drover/v1/ListExtensionsResponse.ts';
import type { ListNodesRequest as _drover_v1_ListNodesRequest, ListNodesRequest__Output as _drover_v1_ListNodesRequest__Output } from '../../drover/v1/ListNodesRequest.ts';
import type { ListNodesResponse as _drover_v1_ListNodesResponse, ListNodesResponse__Output as _drover_v1_ListNodesResponse__Output } from '../../drover/v1/ListNodesResponse.ts';
import type { ListOperationsRequest as _drover_v1_ListOperationsRequest, ListOperationsRequest__Output as _drover_v1_ListOperationsRequest__Output } from '../../drover/v1/ListOperationsRequest.ts';
import type { ListOperationsResponse as _drover_v1_ListOperationsResponse, ListOperationsResponse__Output as _drover_v1_ListOperationsResponse__Output } from '../../drover/v1/ListOperationsResponse.ts';
import type { ListPackagesRequest as _drover_v1_ListPackagesRequest, ListPackagesRequest__Output as _drover_v1_ListPackagesRequest__Output } from '../../drover/v1/ListPackagesRequest.ts';
import type { ListPackagesResponse as _drover_v1_ListPackagesResponse, ListPackagesResponse__Output as _drover_v1_ListPackagesResponse__Output } from '../../drover/v1/ListPackagesResponse.ts';
import type { ListTokensRequest as _drover_v1_ListTokensRequest, ListTokensRequest__Output as _drover_v1_ListTokensRequest__Output } from '../../drover/v1/ListTokensRequest.ts';
import type { ListTokensResponse as _drover_v1_ListTokensResponse, ListTokensResponse__Output as _drover_v1_ListTokensResponse__Output } from '../../drover/v1/ListTokensResponse.ts';
import type { Operation as _drover_v1_Operation, Operation__Output as _drover_v1_Operation__Output } from '../../drover/v1/Operation.ts';
import type { OperationEvent as _drover_v1_OperationEvent, OperationEvent__Output as _drover_v1_OperationEvent__Output } from '../../drover/v1/OperationEvent.ts';
import type { PlanRequest as _drover_v1_PlanRequest, PlanRequest__Output as _drover_v1_PlanRequest__Output } from '../../drover/v1/PlanRequest.ts';
import type { PlanResponse as _drover_v1_PlanResponse, PlanResponse__Output as _drover_v1_PlanResponse__Output } from '../../drover/v1/PlanResponse.ts';
import type { ResumeOperationRequest as _drover_v1_ResumeOperationRequest, ResumeOperationRequest__Output as _drover_v1_ResumeOperationRequest__Output } from '../../drover/v1/ResumeOperationRequest.ts';
import type { RevokeTokenRequest as _drover_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _drover_v1_RevokeTokenRequest__Output } from '../../drover/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponse as _drover_v1_RevokeTokenResponse, RevokeTokenResponse__Output as _drover_v1_RevokeTokenResponse__Output } from '../../drover/v1/RevokeTokenResponse.ts';
import type { ShowClusterRequest as _drover_v1_ShowClusterRequest, ShowClusterRequest__Output as _drover_v1_ShowClusterRequest__Output } from '../../drover/v1/ShowClusterRequest.ts';
import type { ShowClusterResponse as _drover_v1_ShowClusterResponse, ShowClusterResponse__Output as _drover_v1_ShowClusterResponse__Output } from '../../drover/v1/ShowClusterResponse.ts';
import type { ShowNodeRequest as _drover_v1_ShowNodeRequest, ShowNodeRequest__Output as _drover_v1_ShowNodeRequest__Output } from '../../drover/v1/ShowNodeRequest.ts';
import type { ShowNodeResponse as _drover_v1_ShowNodeResponse, ShowNodeResponse__Output as _drover_v1_ShowNodeResponse__Output } from '../../drover/v1/ShowNodeResponse.ts';
import type { ShowOperationRequest as _drover_v1_ShowOperationRequest, ShowOperationRequest__Output as _drover_v1_ShowOperationRequest__Output } from '../../drover/v1/ShowOperationRequest.ts';
import type { ShowUpgradeRequest as _drover_v1_ShowUpgradeRequest, ShowUpgradeRequest__Output as _drover_v1_ShowUpgradeRequest__Output } from '../../drover/v1/ShowUpgradeRequest.ts';
import type { StartOperationRequest as _drover_v1_StartOperationRequest, StartOperationRequest__Output as _drover_v1_StartOperationRequest__Output } from '../../drover/v1/StartOperationRequest.ts';
import type { StartOperationResponse as _drover_v1_StartOperationResponse, StartOperationResponse__Output as _drover_v1_StartOperationResponse__Output } from '../../drover/v1/StartOperationResponse.ts';
import type { StatusRequest as _drover_v1_StatusRequest, StatusRequest__Output as _drover_v1_StatusRequest__Output } from '../../drover/v1/StatusRequest.ts';
import type { StatusResponse as _drover_v1_StatusResponse, StatusResponse__Output as _drover_v1_StatusResponse__Output } from '../../drover/v1/StatusResponse.ts';
import type { Upgrade as _drover_v1_Upgrade, Upgrade__Output as _drover_v1_Upgrade__Output } from '../../drover/v1/Upgrade.ts';
import type { VerifyAuditRequest as _drover_v1_VerifyAuditRequest, VerifyAuditRequest__Output as _drover_v1_VerifyAuditRequest__Output } from '../../drover/v1/VerifyAuditRequest.ts';
import type { VerifyAuditResponse as _drover_v1_VerifyAuditResponse, VerifyAuditResponse__Output as _drover_v1_VerifyAuditResponse__Output } from '../../drover/v1/VerifyAuditResponse.ts';
import type { WatchOperationRequest as _drover_v1_WatchOperationRequest, WatchOperationRequest__Output as _drover_v1_WatchOperationRequest__Output } from '../../drover/v1/WatchOperationRequest.ts';

export interface FleetClient extends grpc.Client {
  AddPackages(argument: _drover_v1_AddPackagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  AddPackages(argument: _drover_v1_AddPackagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  AddPackages(argument: _drover_v1_AddPackagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  AddPackages(argument: _drover_v1_AddPackagesRequest, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  addPackages(argument: _drover_v1_AddPackagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  addPackages(argument: _drover_v1_AddPackagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  addPackages(argument: _drover_v1_AddPackagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  addPackages(argument: _drover_v1_AddPackagesRequest, callback: grpc.requestCallback<_drover_v1_AddPackagesResponse__Output>): grpc.ClientUnaryCall;
  
  Apply(argument: _drover_v1_ApplyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  Apply(argument: _drover_v1_ApplyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  Apply(argument: _drover_v1_ApplyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  Apply(argument: _drover_v1_ApplyRequest, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _drover_v1_ApplyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _drover_v1_ApplyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _drover_v1_ApplyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _drover_v1_ApplyRequest, callback: grpc.requestCallback<_drover_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  
  ApproveNode(argument: _drover_v1_ApproveNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  ApproveNode(argument: _drover_v1_ApproveNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  ApproveNode(argument: _drover_v1_ApproveNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  ApproveNode(argument: _drover_v1_ApproveNodeRequest, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  approveNode(argument: _drover_v1_ApproveNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  approveNode(argument: _drover_v1_ApproveNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  approveNode(argument: _drover_v1_ApproveNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  approveNode(argument: _drover_v1_ApproveNodeRequest, callback: grpc.requestCallback<_drover_v1_ApproveNodeResponse__Output>): grpc.ClientUnaryCall;
  
  CancelOperation(argument: _drover_v1_CancelOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  CancelOperation(argument: _drover_v1_CancelOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  CancelOperation(argument: _drover_v1_CancelOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  CancelOperation(argument: _drover_v1_CancelOperationRequest, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  cancelOperation(argument: _drover_v1_CancelOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  cancelOperation(argument: _drover_v1_CancelOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  cancelOperation(argument: _drover_v1_CancelOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  cancelOperation(argument: _drover_v1_CancelOperationRequest, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  
  CreateToken(argument: _drover_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _drover_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _drover_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _drover_v1_CreateTokenRequest, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _drover_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _drover_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _drover_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  createToken(argument: _drover_v1_CreateTokenRequest, callback: grpc.requestCallback<_drover_v1_CreateTokenResponse__Output>): grpc.ClientUnaryCall;
  
  Drift(argument: _drover_v1_DriftRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  Drift(argument: _drover_v1_DriftRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  Drift(argument: _drover_v1_DriftRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  Drift(argument: _drover_v1_DriftRequest, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  drift(argument: _drover_v1_DriftRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  drift(argument: _drover_v1_DriftRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  drift(argument: _drover_v1_DriftRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  drift(argument: _drover_v1_DriftRequest, callback: grpc.requestCallback<_drover_v1_DriftResponse__Output>): grpc.ClientUnaryCall;
  
  FillPackages(argument: _drover_v1_FillPackagesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_FillPackagesProgress__Output>;
  FillPackages(argument: _drover_v1_FillPackagesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_FillPackagesProgress__Output>;
  fillPackages(argument: _drover_v1_FillPackagesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_FillPackagesProgress__Output>;
  fillPackages(argument: _drover_v1_FillPackagesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_FillPackagesProgress__Output>;
  
  GetVersion(argument: _drover_v1_GetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  GetVersion(argument: _drover_v1_GetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  GetVersion(argument: _drover_v1_GetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  GetVersion(argument: _drover_v1_GetVersionRequest, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  getVersion(argument: _drover_v1_GetVersionRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  getVersion(argument: _drover_v1_GetVersionRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  getVersion(argument: _drover_v1_GetVersionRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  getVersion(argument: _drover_v1_GetVersionRequest, callback: grpc.requestCallback<_drover_v1_GetVersionResponse__Output>): grpc.ClientUnaryCall;
  
  LabelNode(argument: _drover_v1_LabelNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  LabelNode(argument: _drover_v1_LabelNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  LabelNode(argument: _drover_v1_LabelNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  LabelNode(argument: _drover_v1_LabelNodeRequest, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _drover_v1_LabelNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _drover_v1_LabelNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _drover_v1_LabelNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _drover_v1_LabelNodeRequest, callback: grpc.requestCallback<_drover_v1_LabelNodeResponse__Output>): grpc.ClientUnaryCall;
  
  ListAudit(argument: _drover_v1_ListAuditRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  ListAudit(argument: _drover_v1_ListAuditRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  ListAudit(argument: _drover_v1_ListAuditRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  ListAudit(argument: _drover_v1_ListAuditRequest, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _drover_v1_ListAuditRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _drover_v1_ListAuditRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _drover_v1_ListAuditRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  listAudit(argument: _drover_v1_ListAuditRequest, callback: grpc.requestCallback<_drover_v1_ListAuditResponse__Output>): grpc.ClientUnaryCall;
  
  ListExtensions(argument: _drover_v1_ListExtensionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  ListExtensions(argument: _drover_v1_ListExtensionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  ListExtensions(argument: _drover_v1_ListExtensionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  ListExtensions(argument: _drover_v1_ListExtensionsRequest, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  listExtensions(argument: _drover_v1_ListExtensionsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  listExtensions(argument: _drover_v1_ListExtensionsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  listExtensions(argument: _drover_v1_ListExtensionsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  listExtensions(argument: _drover_v1_ListExtensionsRequest, callback: grpc.requestCallback<_drover_v1_ListExtensionsResponse__Output>): grpc.ClientUnaryCall;
  
  ListNodes(argument: _drover_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _drover_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _drover_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _drover_v1_ListNodesRequest, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _drover_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _drover_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _drover_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _drover_v1_ListNodesRequest, callback: grpc.requestCallback<_drover_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  
  ListOperations(argument: _drover_v1_ListOperationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  ListOperations(argument: _drover_v1_ListOperationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  ListOperations(argument: _drover_v1_ListOperationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  ListOperations(argument: _drover_v1_ListOperationsRequest, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  listOperations(argument: _drover_v1_ListOperationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  listOperations(argument: _drover_v1_ListOperationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  listOperations(argument: _drover_v1_ListOperationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  listOperations(argument: _drover_v1_ListOperationsRequest, callback: grpc.requestCallback<_drover_v1_ListOperationsResponse__Output>): grpc.ClientUnaryCall;
  
  ListPackages(argument: _drover_v1_ListPackagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  ListPackages(argument: _drover_v1_ListPackagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  ListPackages(argument: _drover_v1_ListPackagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  ListPackages(argument: _drover_v1_ListPackagesRequest, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  listPackages(argument: _drover_v1_ListPackagesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  listPackages(argument: _drover_v1_ListPackagesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  listPackages(argument: _drover_v1_ListPackagesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  listPackages(argument: _drover_v1_ListPackagesRequest, callback: grpc.requestCallback<_drover_v1_ListPackagesResponse__Output>): grpc.ClientUnaryCall;
  
  ListTokens(argument: _drover_v1_ListTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _drover_v1_ListTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _drover_v1_ListTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _drover_v1_ListTokensRequest, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _drover_v1_ListTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _drover_v1_ListTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _drover_v1_ListTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _drover_v1_ListTokensRequest, callback: grpc.requestCallback<_drover_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  
  Plan(argument: _drover_v1_PlanRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  Plan(argument: _drover_v1_PlanRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  Plan(argument: _drover_v1_PlanRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  Plan(argument: _drover_v1_PlanRequest, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _drover_v1_PlanRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _drover_v1_PlanRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _drover_v1_PlanRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _drover_v1_PlanRequest, callback: grpc.requestCallback<_drover_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  
  ResumeOperation(argument: _drover_v1_ResumeOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  ResumeOperation(argument: _drover_v1_ResumeOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  ResumeOperation(argument: _drover_v1_ResumeOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  ResumeOperation(argument: _drover_v1_ResumeOperationRequest, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  resumeOperation(argument: _drover_v1_ResumeOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  resumeOperation(argument: _drover_v1_ResumeOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  resumeOperation(argument: _drover_v1_ResumeOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  resumeOperation(argument: _drover_v1_ResumeOperationRequest, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  
  RevokeToken(argument: _drover_v1_RevokeTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _drover_v1_RevokeTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _drover_v1_RevokeTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _drover_v1_RevokeTokenRequest, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _drover_v1_RevokeTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _drover_v1_RevokeTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _drover_v1_RevokeTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _drover_v1_RevokeTokenRequest, callback: grpc.requestCallback<_drover_v1_RevokeTokenResponse__Output>): grpc.ClientUnaryCall;
  
  ShowCluster(argument: _drover_v1_ShowClusterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  ShowCluster(argument: _drover_v1_ShowClusterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  ShowCluster(argument: _drover_v1_ShowClusterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  ShowCluster(argument: _drover_v1_ShowClusterRequest, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  showCluster(argument: _drover_v1_ShowClusterRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  showCluster(argument: _drover_v1_ShowClusterRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  showCluster(argument: _drover_v1_ShowClusterRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  showCluster(argument: _drover_v1_ShowClusterRequest, callback: grpc.requestCallback<_drover_v1_ShowClusterResponse__Output>): grpc.ClientUnaryCall;
  
  ShowNode(argument: _drover_v1_ShowNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  ShowNode(argument: _drover_v1_ShowNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  ShowNode(argument: _drover_v1_ShowNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  ShowNode(argument: _drover_v1_ShowNodeRequest, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  showNode(argument: _drover_v1_ShowNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  showNode(argument: _drover_v1_ShowNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  showNode(argument: _drover_v1_ShowNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  showNode(argument: _drover_v1_ShowNodeRequest, callback: grpc.requestCallback<_drover_v1_ShowNodeResponse__Output>): grpc.ClientUnaryCall;
  
  ShowOperation(argument: _drover_v1_ShowOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  ShowOperation(argument: _drover_v1_ShowOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  ShowOperation(argument: _drover_v1_ShowOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  ShowOperation(argument: _drover_v1_ShowOperationRequest, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  showOperation(argument: _drover_v1_ShowOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  showOperation(argument: _drover_v1_ShowOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  showOperation(argument: _drover_v1_ShowOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  showOperation(argument: _drover_v1_ShowOperationRequest, callback: grpc.requestCallback<_drover_v1_Operation__Output>): grpc.ClientUnaryCall;
  
  ShowUpgrade(argument: _drover_v1_ShowUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  ShowUpgrade(argument: _drover_v1_ShowUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  ShowUpgrade(argument: _drover_v1_ShowUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  ShowUpgrade(argument: _drover_v1_ShowUpgradeRequest, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  showUpgrade(argument: _drover_v1_ShowUpgradeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  showUpgrade(argument: _drover_v1_ShowUpgradeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  showUpgrade(argument: _drover_v1_ShowUpgradeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  showUpgrade(argument: _drover_v1_ShowUpgradeRequest, callback: grpc.requestCallback<_drover_v1_Upgrade__Output>): grpc.ClientUnaryCall;
  
  StartOperation(argument: _drover_v1_StartOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  StartOperation(argument: _drover_v1_StartOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  StartOperation(argument: _drover_v1_StartOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  StartOperation(argument: _drover_v1_StartOperationRequest, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  startOperation(argument: _drover_v1_StartOperationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  startOperation(argument: _drover_v1_StartOperationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  startOperation(argument: _drover_v1_StartOperationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  startOperation(argument: _drover_v1_StartOperationRequest, callback: grpc.requestCallback<_drover_v1_StartOperationResponse__Output>): grpc.ClientUnaryCall;
  
  Status(argument: _drover_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _drover_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _drover_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _drover_v1_StatusRequest, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _drover_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _drover_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _drover_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _drover_v1_StatusRequest, callback: grpc.requestCallback<_drover_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  
  VerifyAudit(argument: _drover_v1_VerifyAuditRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  VerifyAudit(argument: _drover_v1_VerifyAuditRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  VerifyAudit(argument: _drover_v1_VerifyAuditRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  VerifyAudit(argument: _drover_v1_VerifyAuditRequest, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _drover_v1_VerifyAuditRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _drover_v1_VerifyAuditRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _drover_v1_VerifyAuditRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  verifyAudit(argument: _drover_v1_VerifyAuditRequest, callback: grpc.requestCallback<_drover_v1_VerifyAuditResponse__Output>): grpc.ClientUnaryCall;
  
  WatchOperation(argument: _drover_v1_WatchOperationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_OperationEvent__Output>;
  WatchOperation(argument: _drover_v1_WatchOperationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_OperationEvent__Output>;
  watchOperation(argument: _drover_v1_WatchOperationRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_OperationEvent__Output>;
  watchOperation(argument: _drover_v1_WatchOperationRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_OperationEvent__Output>;
  
  WatchStatus(argument: _drover_v1_StatusRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_StatusResponse__Output>;
  WatchStatus(argument: _drover_v1_StatusRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_StatusResponse__Output>;
  watchStatus(argument: _drover_v1_StatusRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_StatusResponse__Output>;
  watchStatus(argument: _drover_v1_StatusRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_drover_v1_StatusResponse__Output>;
  
}

export interface FleetHandlers extends grpc.UntypedServiceImplementation {
  AddPackages: grpc.handleUnaryCall<_drover_v1_AddPackagesRequest__Output, _drover_v1_AddPackagesResponse>;
  
  Apply: grpc.handleUnaryCall<_drover_v1_ApplyRequest__Output, _drover_v1_ApplyResponse>;
  
  ApproveNode: grpc.handleUnaryCall<_drover_v1_ApproveNodeRequest__Output, _drover_v1_ApproveNodeResponse>;
  
  CancelOperation: grpc.handleUnaryCall<_drover_v1_CancelOperationRequest__Output, _drover_v1_Operation>;
  
  CreateToken: grpc.handleUnaryCall<_drover_v1_CreateTokenRequest__Output, _drover_v1_CreateTokenResponse>;
  
  Drift: grpc.handleUnaryCall<_drover_v1_DriftRequest__Output, _drover_v1_DriftResponse>;
  
  FillPackages: grpc.handleServerStreamingCall<_drover_v1_FillPackagesRequest__Output, _drover_v1_FillPackagesProgress>;
  
  GetVersion: grpc.handleUnaryCall<_drover_v1_GetVersionRequest__Output, _drover_v1_GetVersionResponse>;
  
  LabelNode: grpc.handleUnaryCall<_drover_v1_LabelNodeRequest__Output, _drover_v1_LabelNodeResponse>;
  
  ListAudit: grpc.handleUnaryCall<_drover_v1_ListAuditRequest__Output, _drover_v1_ListAuditResponse>;
  
  ListExtensions: grpc.handleUnaryCall<_drover_v1_ListExtensionsRequest__Output, _drover_v1_ListExtensionsResponse>;
  
  ListNodes: grpc.handleUnaryCall<_drover_v1_ListNodesRequest__Output, _drover_v1_ListNodesResponse>;
  
  ListOperations: grpc.handleUnaryCall<_drover_v1_ListOperationsRequest__Output, _drover_v1_ListOperationsResponse>;
  
  ListPackages: grpc.handleUnaryCall<_drover_v1_ListPackagesRequest__Output, _drover_v1_ListPackagesResponse>;
  
  ListTokens: grpc.handleUnaryCall<_drover_v1_ListTokensRequest__Output, _drover_v1_ListTokensResponse>;
  
  Plan: grpc.handleUnaryCall<_drover_v1_PlanRequest__Output, _drover_v1_PlanResponse>;
  
  ResumeOperation: grpc.handleUnaryCall<_drover_v1_ResumeOperationRequest__Output, _drover_v1_Operation>;
  
  RevokeToken: grpc.handleUnaryCall<_drover_v1_RevokeTokenRequest__Output, _drover_v1_RevokeTokenResponse>;
  
  ShowCluster: grpc.handleUnaryCall<_drover_v1_ShowClusterRequest__Output, _drover_v1_ShowClusterResponse>;
  
  ShowNode: grpc.handleUnaryCall<_drover_v1_ShowNodeRequest__Output, _drover_v1_ShowNodeResponse>;
  
  ShowOperation: grpc.handleUnaryCall<_drover_v1_ShowOperationRequest__Output, _drover_v1_Operation>;
  
  ShowUpgrade: grpc.handleUnaryCall<_drover_v1_ShowUpgradeRequest__Output, _drover_v1_Upgrade>;
  
  StartOperation: grpc.handleUnaryCall<_drover_v1_StartOperationRequest__Output, _drover_v1_StartOperationResponse>;
  
  Status: grpc.handleUnaryCall<_drover_v1_StatusRequest__Output, _drover_v1_StatusResponse>;
  
  VerifyAudit: grpc.handleUnaryCall<_drover_v1_VerifyAuditRequest__Output, _drover_v1_VerifyAuditResponse>;
  
  WatchOperation: grpc.handleServerStreamingCall<_drover_v1_WatchOperationRequest__Output, _drover_v1_OperationEvent>;
  
  WatchStatus: grpc.handleServerStreamingCall<_drover_v1_StatusRequest__Output, _drover_v1_StatusResponse>;
  
}

export interface FleetDefinition extends grpc.ServiceDefinition {
  AddPackages: MethodDefinition<_drover_v1_AddPackagesRequest, _drover_v1_AddPackagesResponse, _drover_v1_AddPackagesRequest__Output, _drover_v1_AddPackagesResponse__Output>
  Apply: MethodDefinition<_drover_v1_ApplyRequest, _drover_v1_ApplyResponse, _drover_v1_ApplyRequest__Output, _drover_v1_ApplyResponse__Output>
  ApproveNode: MethodDefinition<_drover_v1_ApproveNodeRequest, _drover_v1_ApproveNodeResponse, _drover_v1_ApproveNodeRequest__Output, _drover_v1_ApproveNodeResponse__Output>
  CancelOperation: MethodDefinition<_drover_v1_CancelOperationRequest, _drover_v1_Operation, _drover_v1_CancelOperationRequest__Output, _drover_v1_Operation__Output>
  CreateToken: MethodDefinition<_drover_v1_CreateTokenRequest, _drover_v1_CreateTokenResponse, _drover_v1_CreateTokenRequest__Output, _drover_v1_CreateTokenResponse__Output>
  Drift: MethodDefinition<_drover_v1_DriftRequest, _drover_v1_DriftResponse, _drover_v1_DriftRequest__Output, _drover_v1_DriftResponse__Output>
  FillPackages: MethodDefinition<_drover_v1_FillPackagesRequest, _drover_v1_FillPackagesProgress, _drover_v1_FillPackagesRequest__Output, _drover_v1_FillPackagesProgress__Output>
  GetVersion: MethodDefinition<_drover_v1_GetVersionRequest, _drover_v1_GetVersionResponse, _drover_v1_GetVersionRequest__Output, _drover_v1_GetVersionResponse__Output>
  LabelNode: MethodDefinition<_drover_v1_LabelNodeRequest, _drover_v1_LabelNodeResponse, _drover_v1_LabelNodeRequest__Output, _drover_v1_LabelNodeResponse__Output>
  ListAudit: MethodDefinition<_drover_v1_ListAuditRequest, _drover_v1_ListAuditResponse, _drover_v1_ListAuditRequest__Output, _drover_v1_ListAuditResponse__Output>
  ListExtensions: MethodDefinition<_drover_v1_ListExtensionsRequest, _drover_v1_ListExtensionsResponse, _drover_v1_ListExtensionsRequest__Output, _drover_v1_ListExtensionsResponse__Output>
  ListNodes: MethodDefinition<_drover_v1_ListNodesRequest, _drover_v1_ListNodesResponse, _drover_v1_ListNodesRequest__Output, _drover_v1_ListNodesResponse__Output>
  ListOperations: MethodDefinition<_drover_v1_ListOperationsRequest, _drover_v1_ListOperationsResponse, _drover_v1_ListOperationsRequest__Output, _drover_v1_ListOperationsResponse__Output>
  ListPackages: MethodDefinition<_drover_v1_ListPackagesRequest, _drover_v1_ListPackagesResponse, _drover_v1_ListPackagesRequest__Output, _drover_v1_ListPackagesResponse__Output>
  ListTokens: MethodDefinition<_drover_v1_ListTokensRequest, _drover_v1_ListTokensResponse, _drover_v1_ListTokensRequest__Output, _drover_v1_ListTokensResponse__Output>
  Plan: MethodDefinition<_drover_v1_PlanRequest, _drover_v1_PlanResponse, _drover_v1_PlanRequest__Output, _drover_v1_PlanResponse__Output>
  ResumeOperation: MethodDefinition<_drover_v1_ResumeOperationRequest, _drover_v1_Operation, _drover_v1_ResumeOperationRequest__Output, _drover_v1_Operation__Output>
  RevokeToken: MethodDefinition<_drover_v1_RevokeTokenRequest, _drover_v1_RevokeTokenResponse, _drover_v1_RevokeTokenRequest__Output, _drover_v1_RevokeTokenResponse__Output>
  ShowCluster: MethodDefinition<_drover_v1_ShowClusterRequest, _drover_v1_ShowClusterResponse, _drover_v1_ShowClusterRequest__Output, _drover_v1_ShowClusterResponse__Output>
  ShowNode: MethodDefinition<_drover_v1_ShowNodeRequest, _drover_v1_ShowNodeResponse, _drover_v1_ShowNodeRequest__Output, _drover_v1_ShowNodeResponse__Output>
  ShowOperation: MethodDefinition<_drover_v1_ShowOperationRequest, _drover_v1_Operation, _drover_v1_ShowOperationRequest__Output, _drover_v1_Operation__Output>
  ShowUpgrade: MethodDefinition<_drover_v1_ShowUpgradeRequest, _drover_v1_Upgrade, _drover_v1_ShowUpgradeRequest__Output, _drover_v1_Upgrade__Output>
  StartOperation: MethodDefinition<_drover_v1_StartOperationRequest, _drover_v1_StartOperationResponse, _drover_v1_StartOperationRequest__Output, _drover_v1_StartOperationResponse__Output>
  Status: MethodDefinition<_drover_v1_StatusRequest, _drover_v1_StatusResponse, _drover_v1_StatusRequest__Output, _drover_v1_StatusResponse__Output>
  VerifyAudit: MethodDefinition<_drover_v1_VerifyAuditRequest, _drover_v1_VerifyAuditResponse, _drover_v1_VerifyAuditRequest__Output, _drover_v1_VerifyAuditResponse__Output>
  WatchOperation: MethodDefinition<_drover_v1_WatchOperationRequest, _drover_v1_OperationEvent, _drover_v1_WatchOperationRequest__Output, _drover_v1_OperationEvent__Output>
  WatchStatus: MethodDefinition<_drover_v1_StatusRequest, _drover_v1_StatusResponse, _drover_v1_StatusRequest__Output, _drover_v1_StatusResponse__Output>
}
