// Original file: proto/drover/v1/fleet.proto

import type { Node as _drover_v1_Node, Node__Output as _drover_v1_Node__Output } from '../../drover/v1/Node.ts';
import type { PackageOffer as _drover_v1_PackageOffer, PackageOffer__Output as _drover_v1_PackageOffer__Output } from '../../drover/v1/PackageOffer.ts';

export interface ListNodesResponse {
  'nodes'?: (_drover_v1_Node)[];
  'factsJson'?: ({[key: string]: string});
  'packages'?: ({[key: string]: _drover_v1_PackageOffer});
}

export interface ListNodesResponse__Output {
  'nodes': (_drover_v1_Node__Output)[];
  'factsJson': ({[key: string]: string});
  'packages': ({[key: string]: _drover_v1_PackageOffer__Output});
}
