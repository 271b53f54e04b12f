// Original file: proto/drover/v1/agent.proto


export interface CommandProgress {
  'commandId'?: (string);
  'line'?: (string);
}

export interface CommandProgress__Output {
  'commandId': (string);
  'line': (string);
}
