// Original file: proto/drover/v1/fleet.proto

import type { Cluster as _drover_v1_Cluster, Cluster__Output as _drover_v1_Cluster__Output } from '../../drover/v1/Cluster.ts';
import type { Credential as _drover_v1_Credential, Credential__Output as _drover_v1_Credential__Output } from '../../drover/v1/Credential.ts';
import type { Setting as _drover_v1_Setting, Setting__Output as _drover_v1_Setting__Output } from '../../drover/v1/Setting.ts';
import type { Placement as _drover_v1_Placement, Placement__Output as _drover_v1_Placement__Output } from '../../drover/v1/Placement.ts';
import type { HealthFinding as _drover_v1_HealthFinding, HealthFinding__Output as _drover_v1_HealthFinding__Output } from '../../drover/v1/HealthFinding.ts';

export interface ShowClusterResponse {
  'cluster'?: (_drover_v1_Cluster | null);
  'specJson'?: (string);
  'credentials'?: (_drover_v1_Credential)[];
  'settings'?: (_drover_v1_Setting)[];
  'placements'?: (_drover_v1_Placement)[];
  'caPem'?: (string);
  'databases'?: (string)[];
  'health'?: (_drover_v1_HealthFinding)[];
}

export interface ShowClusterResponse__Output {
  'cluster': (_drover_v1_Cluster__Output | null);
  'specJson': (string);
  'credentials': (_drover_v1_Credential__Output)[];
  'settings': (_drover_v1_Setting__Output)[];
  'placements': (_drover_v1_Placement__Output)[];
  'caPem': (string);
  'databases': (string)[];
  'health': (_drover_v1_HealthFinding__Output)[];
}
