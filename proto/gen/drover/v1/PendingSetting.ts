// Original file: proto/drover/v1/fleet.proto


export interface PendingSetting {
  'name'?: (string);
  'from'?: (string);
  'to'?: (string);
}

export interface PendingSetting__Output {
  'name': (string);
  'from': (string);
  'to': (string);
}
