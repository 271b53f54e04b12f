// Original file: proto/drover/v1/agent.proto


export interface ChallengeRequest {
  'tokenId'?: (string);
}

export interface ChallengeRequest__Output {
  'tokenId': (string);
}
