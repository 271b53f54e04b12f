// Original file: proto/drover/v1/fleet.proto


export interface RejectedNode {
  'node'?: (string);
  'because'?: (string);
}

export interface RejectedNode__Output {
  'node': (string);
  'because': (string);
}
