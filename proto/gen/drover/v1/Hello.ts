// Original file: proto/drover/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface Hello {
  'nodeId'?: (string);
  'generation'?: (number | string | Long);
  'bootId'?: (string);
  'agentVersion'?: (string);
  'lastCommandSequence'?: (number | string | Long);
  'factsHash'?: (string);
  'keysetVersion'?: (number | string | Long);
  'agentTimeMs'?: (number | string | Long);
  'manifestHash'?: (string);
  'protocol'?: (number);
  'commandKinds'?: (string)[];
}

export interface Hello__Output {
  'nodeId': (string);
  'generation': (number);
  'bootId': (string);
  'agentVersion': (string);
  'lastCommandSequence': (number);
  'factsHash': (string);
  'keysetVersion': (number);
  'agentTimeMs': (number);
  'manifestHash': (string);
  'protocol': (number);
  'commandKinds': (string)[];
}
