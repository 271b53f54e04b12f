// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface ApplyRequest {
  'specYaml'?: (string);
  'fileName'?: (string);
  'planId'?: (string);
  'remove'?: (string)[];
  'restart'?: (boolean);
  'keepMs'?: (number | string | Long);
  'ignoreHealth'?: (string)[];
  '_keepMs'?: "keepMs";
}

export interface ApplyRequest__Output {
  'specYaml': (string);
  'fileName': (string);
  'planId': (string);
  'remove': (string)[];
  'restart': (boolean);
  'keepMs'?: (number);
  'ignoreHealth': (string)[];
  '_keepMs'?: "keepMs";
}
