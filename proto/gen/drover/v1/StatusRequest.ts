// Original file: proto/drover/v1/fleet.proto


export interface StatusRequest {
  'cluster'?: (string);
}

export interface StatusRequest__Output {
  'cluster': (string);
}
