// Original file: proto/drover/v1/fleet.proto

import type { PendingSetting as _drover_v1_PendingSetting, PendingSetting__Output as _drover_v1_PendingSetting__Output } from '../../drover/v1/PendingSetting.ts';
import type { Long } from '@grpc/proto-loader';

export interface Member {
  'name'?: (string);
  'node'?: (string);
  'address'?: (string);
  'port'?: (number);
  'role'?: (string);
  'state'?: (string);
  'serverVersion'?: (string);
  'timeline'?: (number);
  'lagBytes'?: (number | string | Long);
  'pendingRestart'?: (boolean);
  'observedAtMs'?: (number | string | Long);
  'purpose'?: (string);
  'pendingSettings'?: (_drover_v1_PendingSetting)[];
  '_timeline'?: "timeline";
  '_lagBytes'?: "lagBytes";
  '_observedAtMs'?: "observedAtMs";
}

export interface Member__Output {
  'name': (string);
  'node': (string);
  'address': (string);
  'port': (number);
  'role': (string);
  'state': (string);
  'serverVersion': (string);
  'timeline'?: (number);
  'lagBytes'?: (number);
  'pendingRestart': (boolean);
  'observedAtMs'?: (number);
  'purpose': (string);
  'pendingSettings': (_drover_v1_PendingSetting__Output)[];
  '_timeline'?: "timeline";
  '_lagBytes'?: "lagBytes";
  '_observedAtMs'?: "observedAtMs";
}
