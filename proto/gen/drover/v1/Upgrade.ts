// Original file: proto/drover/v1/fleet.proto

import type { UpgradeWave as _drover_v1_UpgradeWave, UpgradeWave__Output as _drover_v1_UpgradeWave__Output } from '../../drover/v1/UpgradeWave.ts';
import type { UpgradeCluster as _drover_v1_UpgradeCluster, UpgradeCluster__Output as _drover_v1_UpgradeCluster__Output } from '../../drover/v1/UpgradeCluster.ts';
import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from '../../drover/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

export interface Upgrade {
  'operationId'?: (string);
  'state'?: (string);
  'subject'?: (string);
  'createdAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'nowMs'?: (number | string | Long);
  'waves'?: (_drover_v1_UpgradeWave)[];
  'clusters'?: (_drover_v1_UpgradeCluster)[];
  'failure'?: (_drover_v1_Failure | null);
  'of'?: (string);
  '_endedAtMs'?: "endedAtMs";
}

export interface Upgrade__Output {
  'operationId': (string);
  'state': (string);
  'subject': (string);
  'createdAtMs': (number);
  'endedAtMs'?: (number);
  'nowMs': (number);
  'waves': (_drover_v1_UpgradeWave__Output)[];
  'clusters': (_drover_v1_UpgradeCluster__Output)[];
  'failure': (_drover_v1_Failure__Output | null);
  'of': (string);
  '_endedAtMs'?: "endedAtMs";
}
