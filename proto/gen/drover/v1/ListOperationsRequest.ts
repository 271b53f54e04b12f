// Original file: proto/drover/v1/fleet.proto


export interface ListOperationsRequest {
  'limit'?: (number);
}

export interface ListOperationsRequest__Output {
  'limit': (number);
}
