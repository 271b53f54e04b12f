// Original file: proto/drover/v1/agent.proto


export interface IssueCertificateRequest {
  'itemName'?: (string);
  'csr'?: (Buffer | Uint8Array | string);
}

export interface IssueCertificateRequest__Output {
  'itemName': (string);
  'csr': (Buffer);
}
