// Original file: proto/drover/v1/fleet.proto


export interface ClusterDriftItem {
  'kind'?: (string);
  'name'?: (string);
  'instance'?: (string);
  'expected'?: (string);
  'found'?: (string);
  'repairedBy'?: (string);
  'command'?: (string);
}

export interface ClusterDriftItem__Output {
  'kind': (string);
  'name': (string);
  'instance': (string);
  'expected': (string);
  'found': (string);
  'repairedBy': (string);
  'command': (string);
}
