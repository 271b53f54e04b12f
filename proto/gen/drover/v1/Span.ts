// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface Span {
  'startMs'?: (number | string | Long);
  'tookMs'?: (number | string | Long);
  'onLongestPath'?: (boolean);
}

export interface Span__Output {
  'startMs': (number);
  'tookMs': (number);
  'onLongestPath': (boolean);
}
