// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface EtcdMember {
  'name'?: (string);
  'node'?: (string);
  'healthy'?: (boolean);
  'leader'?: (boolean);
  'dbSizeBytes'?: (number | string | Long);
  'version'?: (string);
  'quotaBytes'?: (number | string | Long);
  'dbSizeInUseBytes'?: (number | string | Long);
  'alarms'?: (string)[];
  '_dbSizeBytes'?: "dbSizeBytes";
  '_quotaBytes'?: "quotaBytes";
  '_dbSizeInUseBytes'?: "dbSizeInUseBytes";
}

export interface EtcdMember__Output {
  'name': (string);
  'node': (string);
  'healthy': (boolean);
  'leader': (boolean);
  'dbSizeBytes'?: (number);
  'version': (string);
  'quotaBytes'?: (number);
  'dbSizeInUseBytes'?: (number);
  'alarms': (string)[];
  '_dbSizeBytes'?: "dbSizeBytes";
  '_quotaBytes'?: "quotaBytes";
  '_dbSizeInUseBytes'?: "dbSizeInUseBytes";
}
