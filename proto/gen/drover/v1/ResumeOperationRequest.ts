// Original file: proto/drover/v1/fleet.proto


export interface ResumeOperationRequest {
  'operationId'?: (string);
}

export interface ResumeOperationRequest__Output {
  'operationId': (string);
}
