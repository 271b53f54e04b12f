// Original file: proto/drover/v1/fleet.proto


export interface Service {
  'name'?: (string);
  'port'?: (number);
  'addresses'?: (string)[];
}

export interface Service__Output {
  'name': (string);
  'port': (number);
  'addresses': (string)[];
}
