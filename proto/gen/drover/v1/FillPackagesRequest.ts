// Original file: proto/drover/v1/fleet.proto


export interface FillPackagesRequest {
  'os'?: (string)[];
  'packages'?: (string)[];
}

export interface FillPackagesRequest__Output {
  'os': (string)[];
  'packages': (string)[];
}
