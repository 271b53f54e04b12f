// Original file: proto/drover/v1/agent.proto


export interface AuditBatch {
  'recordsJson'?: (Buffer | Uint8Array | string)[];
}

export interface AuditBatch__Output {
  'recordsJson': (Buffer)[];
}
