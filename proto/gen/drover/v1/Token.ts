// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface Token {
  'id'?: (string);
  'maxUses'?: (number);
  'uses'?: (number);
  'createdAtMs'?: (number | string | Long);
  'expiresAtMs'?: (number | string | Long);
  'labels'?: ({[key: string]: string});
  'cidr'?: (string);
  'autoApprove'?: (boolean);
  'revoked'?: (boolean);
  'creator'?: (string);
}

export interface Token__Output {
  'id': (string);
  'maxUses': (number);
  'uses': (number);
  'createdAtMs': (number);
  'expiresAtMs': (number);
  'labels': ({[key: string]: string});
  'cidr': (string);
  'autoApprove': (boolean);
  'revoked': (boolean);
  'creator': (string);
}
