// Original file: proto/drover/v1/fleet.proto


export interface ShowUpgradeRequest {
  'operationId'?: (string);
}

export interface ShowUpgradeRequest__Output {
  'operationId': (string);
}
