// Original file: proto/drover/v1/fleet.proto


export interface ApplyRequest {
  'specYaml'?: (string);
  'fileName'?: (string);
  'planId'?: (string);
  'remove'?: (string)[];
  'restart'?: (boolean);
  'ignoreHealth'?: (string)[];
}

export interface ApplyRequest__Output {
  'specYaml': (string);
  'fileName': (string);
  'planId': (string);
  'remove': (string)[];
  'restart': (boolean);
  'ignoreHealth': (string)[];
}
