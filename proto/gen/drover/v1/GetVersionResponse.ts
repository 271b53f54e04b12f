// Original file: proto/drover/v1/fleet.proto


export interface GetVersionResponse {
  'version'?: (string);
  'fleetId'?: (string);
  'fleetName'?: (string);
}

export interface GetVersionResponse__Output {
  'version': (string);
  'fleetId': (string);
  'fleetName': (string);
}
