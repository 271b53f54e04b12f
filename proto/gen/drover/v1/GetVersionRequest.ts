// Original file: proto/drover/v1/fleet.proto


export interface GetVersionRequest {
}

export interface GetVersionRequest__Output {
}
