// Original file: proto/drover/v1/fleet.proto


export interface DriftRequest {
  'node'?: (string);
}

export interface DriftRequest__Output {
  'node': (string);
}
