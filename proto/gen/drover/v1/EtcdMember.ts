// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface EtcdMember {
  'name'?: (string);
  'node'?: (string);
  'healthy'?: (boolean);
  'leader'?: (boolean);
  'dbSizeBytes'?: (number | string | Long);
  'version'?: (string);
  '_dbSizeBytes'?: "dbSizeBytes";
}

export interface EtcdMember__Output {
  'name': (string);
  'node': (string);
  'healthy': (boolean);
  'leader': (boolean);
  'dbSizeBytes'?: (number);
  'version': (string);
  '_dbSizeBytes'?: "dbSizeBytes";
}
