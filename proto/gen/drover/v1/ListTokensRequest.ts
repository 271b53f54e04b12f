// Original file: proto/drover/v1/fleet.proto


export interface ListTokensRequest {
}

export interface ListTokensRequest__Output {
}
