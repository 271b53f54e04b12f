// Original file: proto/drover/v1/fleet.proto


export interface ListNodesRequest {
}

export interface ListNodesRequest__Output {
}
