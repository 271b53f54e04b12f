// Original file: proto/drover/v1/fleet.proto

import type { LayoutNode as _drover_v1_LayoutNode, LayoutNode__Output as _drover_v1_LayoutNode__Output } from '../../drover/v1/LayoutNode.ts';

export interface Layout {
  'nodes'?: (_drover_v1_LayoutNode)[];
  'levels'?: (string)[];
}

export interface Layout__Output {
  'nodes': (_drover_v1_LayoutNode__Output)[];
  'levels': (string)[];
}
