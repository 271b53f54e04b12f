// Original file: proto/drover/v1/fleet.proto


export interface DriftItem {
  'kind'?: (string);
  'name'?: (string);
  'detail'?: (string);
  'restarts'?: (string)[];
}

export interface DriftItem__Output {
  'kind': (string);
  'name': (string);
  'detail': (string);
  'restarts': (string)[];
}
