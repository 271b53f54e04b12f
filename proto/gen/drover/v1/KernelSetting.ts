// Original file: proto/drover/v1/fleet.proto


export interface KernelSetting {
  'node'?: (string);
  'name'?: (string);
  'value'?: (string);
  'because'?: (string);
  'from'?: (string);
}

export interface KernelSetting__Output {
  'node': (string);
  'name': (string);
  'value': (string);
  'because': (string);
  'from': (string);
}
