// Original file: proto/drover/v1/model.proto


export interface Signature {
  'keyid'?: (string);
  'sig'?: (Buffer | Uint8Array | string);
}

export interface Signature__Output {
  'keyid': (string);
  'sig': (Buffer);
}
