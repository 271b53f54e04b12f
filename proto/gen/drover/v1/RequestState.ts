// Original file: proto/drover/v1/agent.proto


export interface RequestState {
}

export interface RequestState__Output {
}
