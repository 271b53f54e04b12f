// Original file: proto/drover/v1/fleet.proto


export interface CancelOperationRequest {
  'operationId'?: (string);
}

export interface CancelOperationRequest__Output {
  'operationId': (string);
}
