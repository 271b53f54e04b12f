// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface RepositoryPackage {
  'os'?: (string);
  'name'?: (string);
  'version'?: (string);
  'sizeBytes'?: (number | string | Long);
}

export interface RepositoryPackage__Output {
  'os': (string);
  'name': (string);
  'version': (string);
  'sizeBytes': (number);
}
