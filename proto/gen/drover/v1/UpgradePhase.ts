// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface UpgradePhase {
  'kind'?: (string);
  'name'?: (string);
  'begunAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  '_endedAtMs'?: "endedAtMs";
}

export interface UpgradePhase__Output {
  'kind': (string);
  'name': (string);
  'begunAtMs': (number);
  'endedAtMs'?: (number);
  '_endedAtMs'?: "endedAtMs";
}
