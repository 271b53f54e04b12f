// Original file: proto/drover/v1/agent.proto


export interface Evidence {
  'hostname'?: (string);
  'machineId'?: (string);
  'productUuid'?: (string);
  'macs'?: (string)[];
  'agentVersion'?: (string);
  'addresses'?: (string)[];
}

export interface Evidence__Output {
  'hostname': (string);
  'machineId': (string);
  'productUuid': (string);
  'macs': (string)[];
  'agentVersion': (string);
  'addresses': (string)[];
}
