// Original file: proto/drover/v1/fleet.proto

import type { Long } from '@grpc/proto-loader';

export interface OperationSummary {
  'operationId'?: (string);
  'kind'?: (string);
  'state'?: (string);
  'subject'?: (string);
  'createdAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'requestedBy'?: (string);
  'locks'?: (string)[];
  '_endedAtMs'?: "endedAtMs";
}

export interface OperationSummary__Output {
  'operationId': (string);
  'kind': (string);
  'state': (string);
  'subject': (string);
  'createdAtMs': (number);
  'endedAtMs'?: (number);
  'requestedBy': (string);
  'locks': (string)[];
  '_endedAtMs'?: "endedAtMs";
}
