// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface Tombstone {
  'instance'?: (string);
  'cluster'?: (string);
  'node'?: (string);
  'dataDirectory'?: (string);
  'departedAtMs'?: (number | string | Long);
  'eraseAfterMs'?: (number | string | Long);
  'object'?: (string);
  'keptAs'?: (string);
  'blocked'?: (string);
  '_departedAtMs'?: "departedAtMs";
  '_eraseAfterMs'?: "eraseAfterMs";
}

export interface Tombstone__Output {
  'instance': (string);
  'cluster': (string);
  'node': (string);
  'dataDirectory': (string);
  'departedAtMs'?: (number);
  'eraseAfterMs'?: (number);
  'object': (string);
  'keptAs': (string);
  'blocked': (string);
  '_departedAtMs'?: "departedAtMs";
  '_eraseAfterMs'?: "eraseAfterMs";
}
