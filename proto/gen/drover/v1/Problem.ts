// Original file: proto/drover/v1/model.proto


export interface Problem {
  'code'?: (string);
  'message'?: (string);
  'path'?: (string);
  'line'?: (number);
  'column'?: (number);
  'hint'?: (string);
  'severity'?: (string);
  '_line'?: "line";
  '_column'?: "column";
}

export interface Problem__Output {
  'code': (string);
  'message': (string);
  'path': (string);
  'line'?: (number);
  'column'?: (number);
  'hint': (string);
  'severity': (string);
  '_line'?: "line";
  '_column'?: "column";
}
