// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface AuditRecord {
  'chain'?: (string);
  'index'?: (number | string | Long);
  'atMs'?: (number | string | Long);
  'type'?: (string);
  'actor'?: (string);
  'subject'?: (string);
  'detail'?: (string);
  'hash'?: (string);
}

export interface AuditRecord__Output {
  'chain': (string);
  'index': (number);
  'atMs': (number);
  'type': (string);
  'actor': (string);
  'subject': (string);
  'detail': (string);
  'hash': (string);
}
