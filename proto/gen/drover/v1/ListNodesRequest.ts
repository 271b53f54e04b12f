// Original file: proto/drover/v1/fleet.proto


export interface ListNodesRequest {
  'facts'?: (boolean);
  'packages'?: (boolean);
}

export interface ListNodesRequest__Output {
  'facts': (boolean);
  'packages': (boolean);
}
