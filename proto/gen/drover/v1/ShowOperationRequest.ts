// Original file: proto/drover/v1/fleet.proto


export interface ShowOperationRequest {
  'operationId'?: (string);
}

export interface ShowOperationRequest__Output {
  'operationId': (string);
}
