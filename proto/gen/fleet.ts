import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { AddPackagesRequest as _drover_v1_AddPackagesRequest, AddPackagesRequest__Output as _drover_v1_AddPackagesRequest__Output } from './drover/v1/AddPackagesRequest.ts';
import type { AddPackagesResponse as _drover_v1_AddPackagesResponse, AddPackagesResponse__Output as _drover_v1_AddPackagesResponse__Output } from './drover/v1/AddPackagesResponse.ts';
import type { ApplyRequest as _drover_v1_ApplyRequest, ApplyRequest__Output as _drover_v1_ApplyRequest__Output } from './drover/v1/ApplyRequest.ts';
import type { ApplyResponse as _drover_v1_ApplyResponse, ApplyResponse__Output as _drover_v1_ApplyResponse__Output } from './drover/v1/ApplyResponse.ts';
import type { ApproveNodeRequest as _drover_v1_ApproveNodeRequest, ApproveNodeRequest__Output as _drover_v1_ApproveNodeRequest__Output } from './drover/v1/ApproveNodeRequest.ts';
import type { ApproveNodeResponse as _drover_v1_ApproveNodeResponse, ApproveNodeResponse__Output as _drover_v1_ApproveNodeResponse__Output } from './drover/v1/ApproveNodeResponse.ts';
import type { AuditChain as _drover_v1_AuditChain, AuditChain__Output as _drover_v1_AuditChain__Output } from './drover/v1/AuditChain.ts';
import type { AuditRecord as _drover_v1_AuditRecord, AuditRecord__Output as _drover_v1_AuditRecord__Output } from './drover/v1/AuditRecord.ts';
import type { CancelOperationRequest as _drover_v1_CancelOperationRequest, CancelOperationRequest__Output as _drover_v1_CancelOperationRequest__Output } from './drover/v1/CancelOperationRequest.ts';
import type { Change as _drover_v1_Change, Change__Output as _drover_v1_Change__Output } from './drover/v1/Change.ts';
import type { Cluster as _drover_v1_Cluster, Cluster__Output as _drover_v1_Cluster__Output } from './drover/v1/Cluster.ts';
import type { ClusterDrift as _drover_v1_ClusterDrift, ClusterDrift__Output as _drover_v1_ClusterDrift__Output } from './drover/v1/ClusterDrift.ts';
import type { ClusterDriftItem as _drover_v1_ClusterDriftItem, ClusterDriftItem__Output as _drover_v1_ClusterDriftItem__Output } from './drover/v1/ClusterDriftItem.ts';
import type { Command as _drover_v1_Command, Command__Output as _drover_v1_Command__Output } from './drover/v1/Command.ts';
import type { CreateTokenRequest as _drover_v1_CreateTokenRequest, CreateTokenRequest__Output as _drover_v1_CreateTokenRequest__Output } from './drover/v1/CreateTokenRequest.ts';
import type { CreateTokenResponse as _drover_v1_CreateTokenResponse, CreateTokenResponse__Output as _drover_v1_CreateTokenResponse__Output } from './drover/v1/CreateTokenResponse.ts';
import type { Credential as _drover_v1_Credential, Credential__Output as _drover_v1_Credential__Output } from './drover/v1/Credential.ts';
import type { Disk as _drover_v1_Disk, Disk__Output as _drover_v1_Disk__Output } from './drover/v1/Disk.ts';
import type { DriftItem as _drover_v1_DriftItem, DriftItem__Output as _drover_v1_DriftItem__Output } from './drover/v1/DriftItem.ts';
import type { DriftRequest as _drover_v1_DriftRequest, DriftRequest__Output as _drover_v1_DriftRequest__Output } from './drover/v1/DriftRequest.ts';
import type { DriftResponse as _drover_v1_DriftResponse, DriftResponse__Output as _drover_v1_DriftResponse__Output } from './drover/v1/DriftResponse.ts';
import type { Envelope as _drover_v1_Envelope, Envelope__Output as _drover_v1_Envelope__Output } from './drover/v1/Envelope.ts';
import type { EtcdMember as _drover_v1_EtcdMember, EtcdMember__Output as _drover_v1_EtcdMember__Output } from './drover/v1/EtcdMember.ts';
import type { ExtensionOffer as _drover_v1_ExtensionOffer, ExtensionOffer__Output as _drover_v1_ExtensionOffer__Output } from './drover/v1/ExtensionOffer.ts';
import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from './drover/v1/Failure.ts';
import type { FillPackagesProgress as _drover_v1_FillPackagesProgress, FillPackagesProgress__Output as _drover_v1_FillPackagesProgress__Output } from './drover/v1/FillPackagesProgress.ts';
import type { FillPackagesRequest as _drover_v1_FillPackagesRequest, FillPackagesRequest__Output as _drover_v1_FillPackagesRequest__Output } from './drover/v1/FillPackagesRequest.ts';
import type { FleetClient as _drover_v1_FleetClient, FleetDefinition as _drover_v1_FleetDefinition } from './drover/v1/Fleet.ts';
import type { GetVersionRequest as _drover_v1_GetVersionRequest, GetVersionRequest__Output as _drover_v1_GetVersionRequest__Output } from './drover/v1/GetVersionRequest.ts';
import type { GetVersionResponse as _drover_v1_GetVersionResponse, GetVersionResponse__Output as _drover_v1_GetVersionResponse__Output } from './drover/v1/GetVersionResponse.ts';
import type { Hardware as _drover_v1_Hardware, Hardware__Output as _drover_v1_Hardware__Output } from './drover/v1/Hardware.ts';
import type { HealthFinding as _drover_v1_HealthFinding, HealthFinding__Output as _drover_v1_HealthFinding__Output } from './drover/v1/HealthFinding.ts';
import type { KernelSetting as _drover_v1_KernelSetting, KernelSetting__Output as _drover_v1_KernelSetting__Output } from './drover/v1/KernelSetting.ts';
import type { LabelNodeRequest as _drover_v1_LabelNodeRequest, LabelNodeRequest__Output as _drover_v1_LabelNodeRequest__Output } from './drover/v1/LabelNodeRequest.ts';
import type { LabelNodeResponse as _drover_v1_LabelNodeResponse, LabelNodeResponse__Output as _drover_v1_LabelNodeResponse__Output } from './drover/v1/LabelNodeResponse.ts';
import type { Layout as _drover_v1_Layout, Layout__Output as _drover_v1_Layout__Output } from './drover/v1/Layout.ts';
import type { LayoutInstance as _drover_v1_LayoutInstance, LayoutInstance__Output as _drover_v1_LayoutInstance__Output } from './drover/v1/LayoutInstance.ts';
import type { LayoutNode as _drover_v1_LayoutNode, LayoutNode__Output as _drover_v1_LayoutNode__Output } from './drover/v1/LayoutNode.ts';
import type { ListAuditRequest as _drover_v1_ListAuditRequest, ListAuditRequest__Output as _drover_v1_ListAuditRequest__Output } from './drover/v1/ListAuditRequest.ts';
import type { ListAuditResponse as _drover_v1_ListAuditResponse, ListAuditResponse__Output as _drover_v1_ListAuditResponse__Output } from './drover/v1/ListAuditResponse.ts';
import type { ListExtensionsRequest as _drover_v1_ListExtensionsRequest, ListExtensionsRequest__Output as _drover_v1_ListExtensionsRequest__Output } from './drover/v1/ListExtensionsRequest.ts';
import type { ListExtensionsResponse as _drover_v1_ListExtensionsResponse, ListExtensionsResponse__Output as _drover_v1_ListExtensionsResponse__Output } from './drover/v1/ListExtensionsResponse.ts';
import type { ListNodesRequest as _drover_v1_ListNodesRequest, ListNodesRequest__Output as _drover_v1_ListNodesRequest__Output } from './drover/v1/ListNodesRequest.ts';
import type { ListNodesResponse as _drover_v1_ListNodesResponse, ListNodesResponse__Output as _drover_v1_ListNodesResponse__Output } from './drover/v1/ListNodesResponse.ts';
import type { ListOperationsRequest as _drover_v1_ListOperationsRequest, ListOperationsRequest__Output as _drover_v1_ListOperationsRequest__Output } from './drover/v1/ListOperationsRequest.ts';
import type { ListOperationsResponse as _drover_v1_ListOperationsResponse, ListOperationsResponse__Output as _drover_v1_ListOperationsResponse__Output } from './drover/v1/ListOperationsResponse.ts';
import type { ListPackagesRequest as _drover_v1_ListPackagesRequest, ListPackagesRequest__Output as _drover_v1_ListPackagesRequest__Output } from './drover/v1/ListPackagesRequest.ts';
import type { ListPackagesResponse as _drover_v1_ListPackagesResponse, ListPackagesResponse__Output as _drover_v1_ListPackagesResponse__Output } from './drover/v1/ListPackagesResponse.ts';
import type { ListTokensRequest as _drover_v1_ListTokensRequest, ListTokensRequest__Output as _drover_v1_ListTokensRequest__Output } from './drover/v1/ListTokensRequest.ts';
import type { ListTokensResponse as _drover_v1_ListTokensResponse, ListTokensResponse__Output as _drover_v1_ListTokensResponse__Output } from './drover/v1/ListTokensResponse.ts';
import type { Load as _drover_v1_Load, Load__Output as _drover_v1_Load__Output } from './drover/v1/Load.ts';
import type { Member as _drover_v1_Member, Member__Output as _drover_v1_Member__Output } from './drover/v1/Member.ts';
import type { Move as _drover_v1_Move, Move__Output as _drover_v1_Move__Output } from './drover/v1/Move.ts';
import type { Node as _drover_v1_Node, Node__Output as _drover_v1_Node__Output } from './drover/v1/Node.ts';
import type { NodeDrift as _drover_v1_NodeDrift, NodeDrift__Output as _drover_v1_NodeDrift__Output } from './drover/v1/NodeDrift.ts';
import type { Operation as _drover_v1_Operation, Operation__Output as _drover_v1_Operation__Output } from './drover/v1/Operation.ts';
import type { OperationEvent as _drover_v1_OperationEvent, OperationEvent__Output as _drover_v1_OperationEvent__Output } from './drover/v1/OperationEvent.ts';
import type { OperationPhase as _drover_v1_OperationPhase, OperationPhase__Output as _drover_v1_OperationPhase__Output } from './drover/v1/OperationPhase.ts';
import type { OperationStep as _drover_v1_OperationStep, OperationStep__Output as _drover_v1_OperationStep__Output } from './drover/v1/OperationStep.ts';
import type { OperationSummary as _drover_v1_OperationSummary, OperationSummary__Output as _drover_v1_OperationSummary__Output } from './drover/v1/OperationSummary.ts';
import type { PackageOffer as _drover_v1_PackageOffer, PackageOffer__Output as _drover_v1_PackageOffer__Output } from './drover/v1/PackageOffer.ts';
import type { PendingSetting as _drover_v1_PendingSetting, PendingSetting__Output as _drover_v1_PendingSetting__Output } from './drover/v1/PendingSetting.ts';
import type { Phase as _drover_v1_Phase, Phase__Output as _drover_v1_Phase__Output } from './drover/v1/Phase.ts';
import type { Placement as _drover_v1_Placement, Placement__Output as _drover_v1_Placement__Output } from './drover/v1/Placement.ts';
import type { PlanRequest as _drover_v1_PlanRequest, PlanRequest__Output as _drover_v1_PlanRequest__Output } from './drover/v1/PlanRequest.ts';
import type { PlanResponse as _drover_v1_PlanResponse, PlanResponse__Output as _drover_v1_PlanResponse__Output } from './drover/v1/PlanResponse.ts';
import type { Problem as _drover_v1_Problem, Problem__Output as _drover_v1_Problem__Output } from './drover/v1/Problem.ts';
import type { Rebalance as _drover_v1_Rebalance, Rebalance__Output as _drover_v1_Rebalance__Output } from './drover/v1/Rebalance.ts';
import type { RejectedNode as _drover_v1_RejectedNode, RejectedNode__Output as _drover_v1_RejectedNode__Output } from './drover/v1/RejectedNode.ts';
import type { RepositoryPackage as _drover_v1_RepositoryPackage, RepositoryPackage__Output as _drover_v1_RepositoryPackage__Output } from './drover/v1/RepositoryPackage.ts';
import type { ResumeOperationRequest as _drover_v1_ResumeOperationRequest, ResumeOperationRequest__Output as _drover_v1_ResumeOperationRequest__Output } from './drover/v1/ResumeOperationRequest.ts';
import type { RevokeTokenRequest as _drover_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _drover_v1_RevokeTokenRequest__Output } from './drover/v1/RevokeTokenRequest.ts';
import type { RevokeTokenResponse as _drover_v1_RevokeTokenResponse, RevokeTokenResponse__Output as _drover_v1_RevokeTokenResponse__Output } from './drover/v1/RevokeTokenResponse.ts';
import type { Service as _drover_v1_Service, Service__Output as _drover_v1_Service__Output } from './drover/v1/Service.ts';
import type { Setting as _drover_v1_Setting, Setting__Output as _drover_v1_Setting__Output } from './drover/v1/Setting.ts';
import type { ShowClusterRequest as _drover_v1_ShowClusterRequest, ShowClusterRequest__Output as _drover_v1_ShowClusterRequest__Output } from './drover/v1/ShowClusterRequest.ts';
import type { ShowClusterResponse as _drover_v1_ShowClusterResponse, ShowClusterResponse__Output as _drover_v1_ShowClusterResponse__Output } from './drover/v1/ShowClusterResponse.ts';
import type { ShowNodeRequest as _drover_v1_ShowNodeRequest, ShowNodeRequest__Output as _drover_v1_ShowNodeRequest__Output } from './drover/v1/ShowNodeRequest.ts';
import type { ShowNodeResponse as _drover_v1_ShowNodeResponse, ShowNodeResponse__Output as _drover_v1_ShowNodeResponse__Output } from './drover/v1/ShowNodeResponse.ts';
import type { ShowOperationRequest as _drover_v1_ShowOperationRequest, ShowOperationRequest__Output as _drover_v1_ShowOperationRequest__Output } from './drover/v1/ShowOperationRequest.ts';
import type { ShowUpgradeRequest as _drover_v1_ShowUpgradeRequest, ShowUpgradeRequest__Output as _drover_v1_ShowUpgradeRequest__Output } from './drover/v1/ShowUpgradeRequest.ts';
import type { Signature as _drover_v1_Signature, Signature__Output as _drover_v1_Signature__Output } from './drover/v1/Signature.ts';
import type { Span as _drover_v1_Span, Span__Output as _drover_v1_Span__Output } from './drover/v1/Span.ts';
import type { StartOperationRequest as _drover_v1_StartOperationRequest, StartOperationRequest__Output as _drover_v1_StartOperationRequest__Output } from './drover/v1/StartOperationRequest.ts';
import type { StartOperationResponse as _drover_v1_StartOperationResponse, StartOperationResponse__Output as _drover_v1_StartOperationResponse__Output } from './drover/v1/StartOperationResponse.ts';
import type { StatusRequest as _drover_v1_StatusRequest, StatusRequest__Output as _drover_v1_StatusRequest__Output } from './drover/v1/StatusRequest.ts';
import type { StatusResponse as _drover_v1_StatusResponse, StatusResponse__Output as _drover_v1_StatusResponse__Output } from './drover/v1/StatusResponse.ts';
import type { Token as _drover_v1_Token, Token__Output as _drover_v1_Token__Output } from './drover/v1/Token.ts';
import type { Tombstone as _drover_v1_Tombstone, Tombstone__Output as _drover_v1_Tombstone__Output } from './drover/v1/Tombstone.ts';
import type { Upgrade as _drover_v1_Upgrade, Upgrade__Output as _drover_v1_Upgrade__Output } from './drover/v1/Upgrade.ts';
import type { UpgradeActivity as _drover_v1_UpgradeActivity, UpgradeActivity__Output as _drover_v1_UpgradeActivity__Output } from './drover/v1/UpgradeActivity.ts';
import type { UpgradeCluster as _drover_v1_UpgradeCluster, UpgradeCluster__Output as _drover_v1_UpgradeCluster__Output } from './drover/v1/UpgradeCluster.ts';
import type { UpgradePhase as _drover_v1_UpgradePhase, UpgradePhase__Output as _drover_v1_UpgradePhase__Output } from './drover/v1/UpgradePhase.ts';
import type { UpgradeWave as _drover_v1_UpgradeWave, UpgradeWave__Output as _drover_v1_UpgradeWave__Output } from './drover/v1/UpgradeWave.ts';
import type { VerifyAuditRequest as _drover_v1_VerifyAuditRequest, VerifyAuditRequest__Output as _drover_v1_VerifyAuditRequest__Output } from './drover/v1/VerifyAuditRequest.ts';
import type { VerifyAuditResponse as _drover_v1_VerifyAuditResponse, VerifyAuditResponse__Output as _drover_v1_VerifyAuditResponse__Output } from './drover/v1/VerifyAuditResponse.ts';
import type { WatchOperationRequest as _drover_v1_WatchOperationRequest, WatchOperationRequest__Output as _drover_v1_WatchOperationRequest__Output } from './drover/v1/WatchOperationRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  drover: {
    v1: {
      AddPackagesRequest: MessageTypeDefinition<_drover_v1_AddPackagesRequest, _drover_v1_AddPackagesRequest__Output>
      AddPackagesResponse: MessageTypeDefinition<_drover_v1_AddPackagesResponse, _drover_v1_AddPackagesResponse__Output>
      ApplyRequest: MessageTypeDefinition<_drover_v1_ApplyRequest, _drover_v1_ApplyRequest__Output>
      ApplyResponse: MessageTypeDefinition<_drover_v1_ApplyResponse, _drover_v1_ApplyResponse__Output>
      ApproveNodeRequest: MessageTypeDefinition<_drover_v1_ApproveNodeRequest, _drover_v1_ApproveNodeRequest__Output>
      ApproveNodeResponse: MessageTypeDefinition<_drover_v1_ApproveNodeResponse, _drover_v1_ApproveNodeResponse__Output>
      AuditChain: MessageTypeDefinition<_drover_v1_AuditChain, _drover_v1_AuditChain__Output>
      AuditRecord: MessageTypeDefinition<_drover_v1_AuditRecord, _drover_v1_AuditRecord__Output>
      CancelOperationRequest: MessageTypeDefinition<_drover_v1_CancelOperationRequest, _drover_v1_CancelOperationRequest__Output>
      Change: MessageTypeDefinition<_drover_v1_Change, _drover_v1_Change__Output>
      Cluster: MessageTypeDefinition<_drover_v1_Cluster, _drover_v1_Cluster__Output>
      ClusterDrift: MessageTypeDefinition<_drover_v1_ClusterDrift, _drover_v1_ClusterDrift__Output>
      ClusterDriftItem: MessageTypeDefinition<_drover_v1_ClusterDriftItem, _drover_v1_ClusterDriftItem__Output>
      Command: MessageTypeDefinition<_drover_v1_Command, _drover_v1_Command__Output>
      CreateTokenRequest: MessageTypeDefinition<_drover_v1_CreateTokenRequest, _drover_v1_CreateTokenRequest__Output>
      CreateTokenResponse: MessageTypeDefinition<_drover_v1_CreateTokenResponse, _drover_v1_CreateTokenResponse__Output>
      Credential: MessageTypeDefinition<_drover_v1_Credential, _drover_v1_Credential__Output>
      Disk: MessageTypeDefinition<_drover_v1_Disk, _drover_v1_Disk__Output>
      DriftItem: MessageTypeDefinition<_drover_v1_DriftItem, _drover_v1_DriftItem__Output>
      DriftRequest: MessageTypeDefinition<_drover_v1_DriftRequest, _drover_v1_DriftRequest__Output>
      DriftResponse: MessageTypeDefinition<_drover_v1_DriftResponse, _drover_v1_DriftResponse__Output>
      Envelope: MessageTypeDefinition<_drover_v1_Envelope, _drover_v1_Envelope__Output>
      EtcdMember: MessageTypeDefinition<_drover_v1_EtcdMember, _drover_v1_EtcdMember__Output>
      ExtensionOffer: MessageTypeDefinition<_drover_v1_ExtensionOffer, _drover_v1_ExtensionOffer__Output>
      Failure: MessageTypeDefinition<_drover_v1_Failure, _drover_v1_Failure__Output>
      FillPackagesProgress: MessageTypeDefinition<_drover_v1_FillPackagesProgress, _drover_v1_FillPackagesProgress__Output>
      FillPackagesRequest: MessageTypeDefinition<_drover_v1_FillPackagesRequest, _drover_v1_FillPackagesRequest__Output>
      Fleet: SubtypeConstructor<typeof grpc.Client, _drover_v1_FleetClient> & { service: _drover_v1_FleetDefinition }
      GetVersionRequest: MessageTypeDefinition<_drover_v1_GetVersionRequest, _drover_v1_GetVersionRequest__Output>
      GetVersionResponse: MessageTypeDefinition<_drover_v1_GetVersionResponse, _drover_v1_GetVersionResponse__Output>
      Hardware: MessageTypeDefinition<_drover_v1_Hardware, _drover_v1_Hardware__Output>
      HealthFinding: MessageTypeDefinition<_drover_v1_HealthFinding, _drover_v1_HealthFinding__Output>
      KernelSetting: MessageTypeDefinition<_drover_v1_KernelSetting, _drover_v1_KernelSetting__Output>
      LabelNodeRequest: MessageTypeDefinition<_drover_v1_LabelNodeRequest, _drover_v1_LabelNodeRequest__Output>
      LabelNodeResponse: MessageTypeDefinition<_drover_v1_LabelNodeResponse, _drover_v1_LabelNodeResponse__Output>
      Layout: MessageTypeDefinition<_drover_v1_Layout, _drover_v1_Layout__Output>
      LayoutInstance: MessageTypeDefinition<_drover_v1_LayoutInstance, _drover_v1_LayoutInstance__Output>
      LayoutNode: MessageTypeDefinition<_drover_v1_LayoutNode, _drover_v1_LayoutNode__Output>
      ListAuditRequest: MessageTypeDefinition<_drover_v1_ListAuditRequest, _drover_v1_ListAuditRequest__Output>
      ListAuditResponse: MessageTypeDefinition<_drover_v1_ListAuditResponse, _drover_v1_ListAuditResponse__Output>
      ListExtensionsRequest: MessageTypeDefinition<_drover_v1_ListExtensionsRequest, _drover_v1_ListExtensionsRequest__Output>
      ListExtensionsResponse: MessageTypeDefinition<_drover_v1_ListExtensionsResponse, _drover_v1_ListExtensionsResponse__Output>
      ListNodesRequest: MessageTypeDefinition<_drover_v1_ListNodesRequest, _drover_v1_ListNodesRequest__Output>
      ListNodesResponse: MessageTypeDefinition<_drover_v1_ListNodesResponse, _drover_v1_ListNodesResponse__Output>
      ListOperationsRequest: MessageTypeDefinition<_drover_v1_ListOperationsRequest, _drover_v1_ListOperationsRequest__Output>
      ListOperationsResponse: MessageTypeDefinition<_drover_v1_ListOperationsResponse, _drover_v1_ListOperationsResponse__Output>
      ListPackagesRequest: MessageTypeDefinition<_drover_v1_ListPackagesRequest, _drover_v1_ListPackagesRequest__Output>
      ListPackagesResponse: MessageTypeDefinition<_drover_v1_ListPackagesResponse, _drover_v1_ListPackagesResponse__Output>
      ListTokensRequest: MessageTypeDefinition<_drover_v1_ListTokensRequest, _drover_v1_ListTokensRequest__Output>
      ListTokensResponse: MessageTypeDefinition<_drover_v1_ListTokensResponse, _drover_v1_ListTokensResponse__Output>
      Load: MessageTypeDefinition<_drover_v1_Load, _drover_v1_Load__Output>
      Member: MessageTypeDefinition<_drover_v1_Member, _drover_v1_Member__Output>
      Move: MessageTypeDefinition<_drover_v1_Move, _drover_v1_Move__Output>
      Node: MessageTypeDefinition<_drover_v1_Node, _drover_v1_Node__Output>
      NodeDrift: MessageTypeDefinition<_drover_v1_NodeDrift, _drover_v1_NodeDrift__Output>
      Operation: MessageTypeDefinition<_drover_v1_Operation, _drover_v1_Operation__Output>
      OperationEvent: MessageTypeDefinition<_drover_v1_OperationEvent, _drover_v1_OperationEvent__Output>
      OperationPhase: MessageTypeDefinition<_drover_v1_OperationPhase, _drover_v1_OperationPhase__Output>
      OperationStep: MessageTypeDefinition<_drover_v1_OperationStep, _drover_v1_OperationStep__Output>
      OperationSummary: MessageTypeDefinition<_drover_v1_OperationSummary, _drover_v1_OperationSummary__Output>
      PackageOffer: MessageTypeDefinition<_drover_v1_PackageOffer, _drover_v1_PackageOffer__Output>
      PendingSetting: MessageTypeDefinition<_drover_v1_PendingSetting, _drover_v1_PendingSetting__Output>
      Phase: MessageTypeDefinition<_drover_v1_Phase, _drover_v1_Phase__Output>
      Placement: MessageTypeDefinition<_drover_v1_Placement, _drover_v1_Placement__Output>
      PlanRequest: MessageTypeDefinition<_drover_v1_PlanRequest, _drover_v1_PlanRequest__Output>
      PlanResponse: MessageTypeDefinition<_drover_v1_PlanResponse, _drover_v1_PlanResponse__Output>
      Problem: MessageTypeDefinition<_drover_v1_Problem, _drover_v1_Problem__Output>
      Rebalance: MessageTypeDefinition<_drover_v1_Rebalance, _drover_v1_Rebalance__Output>
      RejectedNode: MessageTypeDefinition<_drover_v1_RejectedNode, _drover_v1_RejectedNode__Output>
      RepositoryPackage: MessageTypeDefinition<_drover_v1_RepositoryPackage, _drover_v1_RepositoryPackage__Output>
      ResumeOperationRequest: MessageTypeDefinition<_drover_v1_ResumeOperationRequest, _drover_v1_ResumeOperationRequest__Output>
      RevokeTokenRequest: MessageTypeDefinition<_drover_v1_RevokeTokenRequest, _drover_v1_RevokeTokenRequest__Output>
      RevokeTokenResponse: MessageTypeDefinition<_drover_v1_RevokeTokenResponse, _drover_v1_RevokeTokenResponse__Output>
      Service: MessageTypeDefinition<_drover_v1_Service, _drover_v1_Service__Output>
      Setting: MessageTypeDefinition<_drover_v1_Setting, _drover_v1_Setting__Output>
      ShowClusterRequest: MessageTypeDefinition<_drover_v1_ShowClusterRequest, _drover_v1_ShowClusterRequest__Output>
      ShowClusterResponse: MessageTypeDefinition<_drover_v1_ShowClusterResponse, _drover_v1_ShowClusterResponse__Output>
      ShowNodeRequest: MessageTypeDefinition<_drover_v1_ShowNodeRequest, _drover_v1_ShowNodeRequest__Output>
      ShowNodeResponse: MessageTypeDefinition<_drover_v1_ShowNodeResponse, _drover_v1_ShowNodeResponse__Output>
      ShowOperationRequest: MessageTypeDefinition<_drover_v1_ShowOperationRequest, _drover_v1_ShowOperationRequest__Output>
      ShowUpgradeRequest: MessageTypeDefinition<_drover_v1_ShowUpgradeRequest, _drover_v1_ShowUpgradeRequest__Output>
      Signature: MessageTypeDefinition<_drover_v1_Signature, _drover_v1_Signature__Output>
      Span: MessageTypeDefinition<_drover_v1_Span, _drover_v1_Span__Output>
      StartOperationRequest: MessageTypeDefinition<_drover_v1_StartOperationRequest, _drover_v1_StartOperationRequest__Output>
      StartOperationResponse: MessageTypeDefinition<_drover_v1_StartOperationResponse, _drover_v1_StartOperationResponse__Output>
      StatusRequest: MessageTypeDefinition<_drover_v1_StatusRequest, _drover_v1_StatusRequest__Output>
      StatusResponse: MessageTypeDefinition<_drover_v1_StatusResponse, _drover_v1_StatusResponse__Output>
      Token: MessageTypeDefinition<_drover_v1_Token, _drover_v1_Token__Output>
      Tombstone: MessageTypeDefinition<_drover_v1_Tombstone, _drover_v1_Tombstone__Output>
      Upgrade: MessageTypeDefinition<_drover_v1_Upgrade, _drover_v1_Upgrade__Output>
      UpgradeActivity: MessageTypeDefinition<_drover_v1_UpgradeActivity, _drover_v1_UpgradeActivity__Output>
      UpgradeCluster: MessageTypeDefinition<_drover_v1_UpgradeCluster, _drover_v1_UpgradeCluster__Output>
      UpgradePhase: MessageTypeDefinition<_drover_v1_UpgradePhase, _drover_v1_UpgradePhase__Output>
      UpgradeWave: MessageTypeDefinition<_drover_v1_UpgradeWave, _drover_v1_UpgradeWave__Output>
      VerifyAuditRequest: MessageTypeDefinition<_drover_v1_VerifyAuditRequest, _drover_v1_VerifyAuditRequest__Output>
      VerifyAuditResponse: MessageTypeDefinition<_drover_v1_VerifyAuditResponse, _drover_v1_VerifyAuditResponse__Output>
      WatchOperationRequest: MessageTypeDefinition<_drover_v1_WatchOperationRequest, _drover_v1_WatchOperationRequest__Output>
    }
  }
}

