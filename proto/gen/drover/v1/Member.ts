// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface Member {
  'name'?: (string);
  'node'?: (string);
  'address'?: (string);
  'port'?: (number);
  'role'?: (string);
  'state'?: (string);
  'serverVersion'?: (string);
  'timeline'?: (number);
  'lagBytes'?: (number | string | Long);
  'pendingRestart'?: (boolean);
  'observedAtMs'?: (number | string | Long);
  'purpose'?: (string);
  '_timeline'?: "timeline";
  '_lagBytes'?: "lagBytes";
  '_observedAtMs'?: "observedAtMs";
}

export interface Member__Output {
  'name': (string);
  'node': (string);
  'address': (string);
  'port': (number);
  'role': (string);
  'state': (string);
  'serverVersion': (string);
  'timeline'?: (number);
  'lagBytes'?: (number);
  'pendingRestart': (boolean);
  'observedAtMs'?: (number);
  'purpose': (string);
  '_timeline'?: "timeline";
  '_lagBytes'?: "lagBytes";
  '_observedAtMs'?: "observedAtMs";
}
