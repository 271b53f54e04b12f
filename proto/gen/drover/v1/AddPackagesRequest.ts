// Original file: proto/drover/v1/fleet.proto


export interface AddPackagesRequest {
  'paths'?: (string)[];
  'os'?: (string)[];
}

export interface AddPackagesRequest__Output {
  'paths': (string)[];
  'os': (string)[];
}
