// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface UpgradeWave {
  'name'?: (string);
  'begunAtMs'?: (number | string | Long);
  'watchedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  '_begunAtMs'?: "begunAtMs";
  '_watchedAtMs'?: "watchedAtMs";
  '_endedAtMs'?: "endedAtMs";
}

export interface UpgradeWave__Output {
  'name': (string);
  'begunAtMs'?: (number);
  'watchedAtMs'?: (number);
  'endedAtMs'?: (number);
  '_begunAtMs'?: "begunAtMs";
  '_watchedAtMs'?: "watchedAtMs";
  '_endedAtMs'?: "endedAtMs";
}
