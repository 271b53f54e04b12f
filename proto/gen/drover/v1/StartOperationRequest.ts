// Original file: proto/drover/v1/fleet.proto


export interface StartOperationRequest {
  'kind'?: (string);
  'requestJson'?: (string);
  'ignoreHealth'?: (string)[];
}

export interface StartOperationRequest__Output {
  'kind': (string);
  'requestJson': (string);
  'ignoreHealth': (string)[];
}
