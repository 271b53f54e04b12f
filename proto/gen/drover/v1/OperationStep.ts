// Original file: proto/drover/v1/fleet.proto

import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from '../../drover/v1/Failure.ts';
import type { Span as _drover_v1_Span, Span__Output as _drover_v1_Span__Output } from '../../drover/v1/Span.ts';
import type { Long } from '@grpc/proto-loader';

export interface OperationStep {
  'stepId'?: (string);
  'title'?: (string);
  'node'?: (string);
  'state'?: (string);
  'startedAtMs'?: (number | string | Long);
  'endedAtMs'?: (number | string | Long);
  'attempt'?: (number);
  'detail'?: (string);
  'failure'?: (_drover_v1_Failure | null);
  'span'?: (_drover_v1_Span | null);
  '_startedAtMs'?: "startedAtMs";
  '_endedAtMs'?: "endedAtMs";
}

export interface OperationStep__Output {
  'stepId': (string);
  'title': (string);
  'node': (string);
  'state': (string);
  'startedAtMs'?: (number);
  'endedAtMs'?: (number);
  'attempt': (number);
  'detail': (string);
  'failure': (_drover_v1_Failure__Output | null);
  'span': (_drover_v1_Span__Output | null);
  '_startedAtMs'?: "startedAtMs";
  '_endedAtMs'?: "endedAtMs";
}
