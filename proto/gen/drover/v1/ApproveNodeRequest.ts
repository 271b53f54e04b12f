// Original file: proto/drover/v1/fleet.proto


export interface ApproveNodeRequest {
  'node'?: (string);
}

export interface ApproveNodeRequest__Output {
  'node': (string);
}
