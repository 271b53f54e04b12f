// Original file: proto/drover/v1/model.proto

import type { Long } from '@grpc/proto-loader';

export interface Command {
  'fleetId'?: (string);
  'nodeId'?: (string);
  'nodeGeneration'?: (number | string | Long);
  'commandId'?: (string);
  'operationId'?: (string);
  'stepId'?: (string);
  'attempt'?: (number);
  'kind'?: (string);
  'argsJson'?: (Buffer | Uint8Array | string);
  'keysetVersion'?: (number | string | Long);
  'leaderEpoch'?: (number | string | Long);
  'sequence'?: (number | string | Long);
  'issuedAtMs'?: (number | string | Long);
  'notAfterMs'?: (number | string | Long);
  'maxRuntimeMs'?: (number | string | Long);
}

export interface Command__Output {
  'fleetId': (string);
  'nodeId': (string);
  'nodeGeneration': (number);
  'commandId': (string);
  'operationId': (string);
  'stepId': (string);
  'attempt': (number);
  'kind': (string);
  'argsJson': (Buffer);
  'keysetVersion': (number);
  'leaderEpoch': (number);
  'sequence': (number);
  'issuedAtMs': (number);
  'notAfterMs': (number);
  'maxRuntimeMs': (number);
}
