// Original file: proto/drover/v1/agent.proto


export interface RenewResponse {
  'certificatePem'?: (string);
  'caPem'?: (string);
}

export interface RenewResponse__Output {
  'certificatePem': (string);
  'caPem': (string);
}
