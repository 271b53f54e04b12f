// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface Move {
  'cluster'?: (string);
  'instance'?: (string);
  'from'?: (string);
  'to'?: (string);
  'bytes'?: (number | string | Long);
  'gain'?: (number | string);
  'because'?: (string);
  'kind'?: (string);
}

export interface Move__Output {
  'cluster': (string);
  'instance': (string);
  'from': (string);
  'to': (string);
  'bytes': (number);
  'gain': (number);
  'because': (string);
  'kind': (string);
}
