// Original file: proto/drover/v1/fleet.proto

import type { UpgradePhase as _drover_v1_UpgradePhase, UpgradePhase__Output as _drover_v1_UpgradePhase__Output } from '../../drover/v1/UpgradePhase.ts';
import type { UpgradeActivity as _drover_v1_UpgradeActivity, UpgradeActivity__Output as _drover_v1_UpgradeActivity__Output } from '../../drover/v1/UpgradeActivity.ts';
import type { Long } from '@grpc/proto-loader';

export interface UpgradeCluster {
  'name'?: (string);
  'wave'?: (string);
  'state'?: (string);
  'operationId'?: (string);
  'begunAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'serverVersion'?: (string);
  'stallMs'?: (number | string | Long);
  'readStallMs'?: (number | string | Long);
  'because'?: (string);
  'phases'?: (_drover_v1_UpgradePhase)[];
  'activity'?: (_drover_v1_UpgradeActivity | null);
  'activityBefore'?: (_drover_v1_UpgradeActivity | null);
  'component'?: (string);
  'version'?: (string);
  'awayMs'?: (number | string | Long);
  'disconnected'?: (number | string | Long);
  '_begunAtMs'?: "begunAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_stallMs'?: "stallMs";
  '_readStallMs'?: "readStallMs";
  '_awayMs'?: "awayMs";
  '_disconnected'?: "disconnected";
}

export interface UpgradeCluster__Output {
  'name': (string);
  'wave': (string);
  'state': (string);
  'operationId': (string);
  'begunAtMs'?: (number);
  'endedAtMs'?: (number);
  'serverVersion': (string);
  'stallMs'?: (number);
  'readStallMs'?: (number);
  'because': (string);
  'phases': (_drover_v1_UpgradePhase__Output)[];
  'activity': (_drover_v1_UpgradeActivity__Output | null);
  'activityBefore': (_drover_v1_UpgradeActivity__Output | null);
  'component': (string);
  'version': (string);
  'awayMs'?: (number);
  'disconnected'?: (number);
  '_begunAtMs'?: "begunAtMs";
  '_endedAtMs'?: "endedAtMs";
  '_stallMs'?: "stallMs";
  '_readStallMs'?: "readStallMs";
  '_awayMs'?: "awayMs";
  '_disconnected'?: "disconnected";
}
