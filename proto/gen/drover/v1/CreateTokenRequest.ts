// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface CreateTokenRequest {
  'maxUses'?: (number);
  'ttlMs'?: (number | string | Long);
  'labels'?: ({[key: string]: string});
  'cidr'?: (string);
  'autoApprove'?: (boolean);
  'replaceNode'?: (string);
}

export interface CreateTokenRequest__Output {
  'maxUses': (number);
  'ttlMs': (number);
  'labels': ({[key: string]: string});
  'cidr': (string);
  'autoApprove': (boolean);
  'replaceNode': (string);
}
