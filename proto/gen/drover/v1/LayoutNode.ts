// Original file: proto/drover/v1/fleet.proto

import type { LayoutInstance as _drover_v1_LayoutInstance, LayoutInstance__Output as _drover_v1_LayoutInstance__Output } from '../../drover/v1/LayoutInstance.ts';
import type { Load as _drover_v1_Load, Load__Output as _drover_v1_Load__Output } from '../../drover/v1/Load.ts';

export interface LayoutNode {
  'node'?: (string);
  'labels'?: ({[key: string]: string});
  'voter'?: (string);
  'instances'?: (_drover_v1_LayoutInstance)[];
  'load'?: (_drover_v1_Load | null);
}

export interface LayoutNode__Output {
  'node': (string);
  'labels': ({[key: string]: string});
  'voter': (string);
  'instances': (_drover_v1_LayoutInstance__Output)[];
  'load': (_drover_v1_Load__Output | null);
}
