// Original file: proto/drover/v1/fleet.proto


export interface SwitchoverClusterResponse {
  'operationId'?: (string);
}

export interface SwitchoverClusterResponse__Output {
  'operationId': (string);
}
