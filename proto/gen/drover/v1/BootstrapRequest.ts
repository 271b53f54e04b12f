// Original file: proto/drover/v1/agent.proto


export interface BootstrapRequest {
}

export interface BootstrapRequest__Output {
}
