// Original file: proto/drover/v1/fleet.proto


export interface ListAuditRequest {
  'node'?: (string);
  'limit'?: (number);
}

export interface ListAuditRequest__Output {
  'node': (string);
  'limit': (number);
}
