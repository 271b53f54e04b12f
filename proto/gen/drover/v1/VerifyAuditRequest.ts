// Original file: proto/drover/v1/fleet.proto


export interface VerifyAuditRequest {
}

export interface VerifyAuditRequest__Output {
}
