// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface FillPackagesProgress {
  'os'?: (string);
  'message'?: (string);
  'doneBytes'?: (number | string | Long);
  'totalBytes'?: (number | string | Long);
}

export interface FillPackagesProgress__Output {
  'os': (string);
  'message': (string);
  'doneBytes': (number);
  'totalBytes': (number);
}
