// Original file: proto/drover/v1/fleet.proto


export interface Credential {
  'user'?: (string);
  'password'?: (string);
}

export interface Credential__Output {
  'user': (string);
  'password': (string);
}
