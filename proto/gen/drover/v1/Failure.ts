// Original file: proto/drover/v1/model.proto

import type { Problem as _drover_v1_Problem, Problem__Output as _drover_v1_Problem__Output } from '../../drover/v1/Problem.ts';

export interface Failure {
  'code'?: (string);
  'message'?: (string);
  'retryable'?: (boolean);
  'hint'?: (string);
  'problems'?: (_drover_v1_Problem)[];
}

export interface Failure__Output {
  'code': (string);
  'message': (string);
  'retryable': (boolean);
  'hint': (string);
  'problems': (_drover_v1_Problem__Output)[];
}
