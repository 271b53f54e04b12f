// Original file: proto/drover/v1/fleet.proto


export interface LabelNodeRequest {
  'node'?: (string);
  'set'?: ({[key: string]: string});
  'unset'?: (string)[];
}

export interface LabelNodeRequest__Output {
  'node': (string);
  'set': ({[key: string]: string});
  'unset': (string)[];
}
