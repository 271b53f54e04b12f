// Original file: proto/drover/v1/fleet.proto


export interface Change {
  'verb'?: (string);
  'subject'?: (string);
  'reason'?: (string);
  'node'?: (string);
  'detail'?: (string);
}

export interface Change__Output {
  'verb': (string);
  'subject': (string);
  'reason': (string);
  'node': (string);
  'detail': (string);
}
