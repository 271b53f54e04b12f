// Original file: proto/drover/v1/fleet.proto

import type { ClusterDriftItem as _drover_v1_ClusterDriftItem, ClusterDriftItem__Output as _drover_v1_ClusterDriftItem__Output } from '../../drover/v1/ClusterDriftItem.ts';
import type { Long } from '@grpc/proto-loader';

export interface ClusterDrift {
  'cluster'?: (string);
  'state'?: (string);
  'checkedAtMs'?: (number | string | Long);
  'items'?: (_drover_v1_ClusterDriftItem)[];
  'unknown'?: (string)[];
  '_checkedAtMs'?: "checkedAtMs";
}

export interface ClusterDrift__Output {
  'cluster': (string);
  'state': (string);
  'checkedAtMs'?: (number);
  'items': (_drover_v1_ClusterDriftItem__Output)[];
  'unknown': (string)[];
  '_checkedAtMs'?: "checkedAtMs";
}
