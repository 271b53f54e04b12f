// Original file: proto/drover/v1/fleet.proto

import type { DriftItem as _drover_v1_DriftItem, DriftItem__Output as _drover_v1_DriftItem__Output } from '../../drover/v1/DriftItem.ts';
import type { Long } from '@grpc/proto-loader';

export interface NodeDrift {
  'node'?: (string);
  'state'?: (string);
  'checkedAtMs'?: (number | string | Long);
  'items'?: (_drover_v1_DriftItem)[];
  'detail'?: (string);
  '_checkedAtMs'?: "checkedAtMs";
}

export interface NodeDrift__Output {
  'node': (string);
  'state': (string);
  'checkedAtMs'?: (number);
  'items': (_drover_v1_DriftItem__Output)[];
  'detail': (string);
  '_checkedAtMs'?: "checkedAtMs";
}
