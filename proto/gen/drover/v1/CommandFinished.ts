// Original file: proto/drover/v1/agent.proto

import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from '../../drover/v1/Failure.ts';
import type { Long } from '@grpc/proto-loader';

export interface CommandFinished {
  'commandId'?: (string);
  'sequence'?: (number | string | Long);
  'state'?: (string);
  'resultJson'?: (Buffer | Uint8Array | string);
  'failure'?: (_drover_v1_Failure | null);
  'refusal'?: (string);
}

export interface CommandFinished__Output {
  'commandId': (string);
  'sequence': (number);
  'state': (string);
  'resultJson': (Buffer);
  'failure': (_drover_v1_Failure__Output | null);
  'refusal': (string);
}
