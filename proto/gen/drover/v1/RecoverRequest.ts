// Original file: proto/drover/v1/agent.proto


export interface RecoverRequest {
  'nodeId'?: (string);
  'nonce'?: (Buffer | Uint8Array | string);
  'csr'?: (Buffer | Uint8Array | string);
  'signature'?: (Buffer | Uint8Array | string);
}

export interface RecoverRequest__Output {
  'nodeId': (string);
  'nonce': (Buffer);
  'csr': (Buffer);
  'signature': (Buffer);
}
