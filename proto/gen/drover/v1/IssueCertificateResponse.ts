// Original file: proto/drover/v1/agent.proto


export interface IssueCertificateResponse {
  'certificatePem'?: (string);
  'caPem'?: (string);
}

export interface IssueCertificateResponse__Output {
  'certificatePem': (string);
  'caPem': (string);
}
