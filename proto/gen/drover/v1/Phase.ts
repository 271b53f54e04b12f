// Original file: proto/drover/v1/fleet.proto


export interface Phase {
  'name'?: (string);
  'steps'?: (string)[];
}

export interface Phase__Output {
  'name': (string);
  'steps': (string)[];
}
