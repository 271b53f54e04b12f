// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface HealthFinding {
  'code'?: (string);
  'severity'?: (string);
  'subject'?: (string);
  'message'?: (string);
  'sinceMs'?: (number | string | Long);
  'blocks'?: (string)[];
  '_sinceMs'?: "sinceMs";
}

export interface HealthFinding__Output {
  'code': (string);
  'severity': (string);
  'subject': (string);
  'message': (string);
  'sinceMs'?: (number);
  'blocks': (string)[];
  '_sinceMs'?: "sinceMs";
}
