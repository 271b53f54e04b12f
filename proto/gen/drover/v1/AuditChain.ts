// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface AuditChain {
  'chain'?: (string);
  'records'?: (number | string | Long);
  'intact'?: (boolean);
  'firstBreak'?: (number | string | Long);
  'head'?: (string);
  '_firstBreak'?: "firstBreak";
}

export interface AuditChain__Output {
  'chain': (string);
  'records': (number);
  'intact': (boolean);
  'firstBreak'?: (number);
  'head': (string);
  '_firstBreak'?: "firstBreak";
}
