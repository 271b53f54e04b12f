// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface Disk {
  'name'?: (string);
  'kind'?: (string);
  'sizeBytes'?: (number | string | Long);
  '_sizeBytes'?: "sizeBytes";
}

export interface Disk__Output {
  'name': (string);
  'kind': (string);
  'sizeBytes'?: (number);
  '_sizeBytes'?: "sizeBytes";
}
