// Original file: proto/drover/v1/fleet.proto


export interface SwitchoverClusterRequest {
  'name'?: (string);
  'to'?: (string);
}

export interface SwitchoverClusterRequest__Output {
  'name': (string);
  'to': (string);
}
