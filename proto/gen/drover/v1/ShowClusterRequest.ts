// Original file: proto/drover/v1/fleet.proto


export interface ShowClusterRequest {
  'name'?: (string);
  'reveal'?: (boolean);
}

export interface ShowClusterRequest__Output {
  'name': (string);
  'reveal': (boolean);
}
