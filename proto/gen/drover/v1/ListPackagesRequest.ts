// Original file: proto/drover/v1/fleet.proto


export interface ListPackagesRequest {
}

export interface ListPackagesRequest__Output {
}
