// Original file: proto/drover/v1/fleet.proto


export interface ShowNodeRequest {
  'node'?: (string);
}

export interface ShowNodeRequest__Output {
  'node': (string);
}
