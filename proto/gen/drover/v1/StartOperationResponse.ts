// Original file: proto/drover/v1/fleet.proto


export interface StartOperationResponse {
  'operationId'?: (string);
}

export interface StartOperationResponse__Output {
  'operationId': (string);
}
