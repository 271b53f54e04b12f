// Original file: proto/drover/v1/fleet.proto


export interface LayoutInstance {
  'instance'?: (string);
  'cluster'?: (string);
  'purpose'?: (string);
}

export interface LayoutInstance__Output {
  'instance': (string);
  'cluster': (string);
  'purpose': (string);
}
