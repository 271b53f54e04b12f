// Original file: proto/drover/v1/fleet.proto


export interface Setting {
  'cluster'?: (string);
  'name'?: (string);
  'value'?: (string);
  'because'?: (string);
  'from'?: (string);
  'instance'?: (string);
  'apply'?: (string);
  'replaces'?: (string);
  '_replaces'?: "replaces";
}

export interface Setting__Output {
  'cluster': (string);
  'name': (string);
  'value': (string);
  'because': (string);
  'from': (string);
  'instance': (string);
  'apply': (string);
  'replaces'?: (string);
  '_replaces'?: "replaces";
}
