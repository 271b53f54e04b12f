// Original file: proto/drover/v1/fleet.proto


export interface PlanRequest {
  'specYaml'?: (string);
  'fileName'?: (string);
  'rebalance'?: (boolean);
  'maxMoves'?: (number);
  'remove'?: (string)[];
  'restart'?: (boolean);
}

export interface PlanRequest__Output {
  'specYaml': (string);
  'fileName': (string);
  'rebalance': (boolean);
  'maxMoves': (number);
  'remove': (string)[];
  'restart': (boolean);
}
