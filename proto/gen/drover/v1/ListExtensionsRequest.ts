// Original file: proto/drover/v1/fleet.proto


export interface ListExtensionsRequest {
  'os'?: (string)[];
  'major'?: (number);
}

export interface ListExtensionsRequest__Output {
  'os': (string)[];
  'major': (number);
}
