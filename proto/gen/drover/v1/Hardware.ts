// Original file: proto/drover/v1/fleet.proto

import type { Disk as _drover_v1_Disk, Disk__Output as _drover_v1_Disk__Output } from '../../drover/v1/Disk.ts';
import type { Long } from '@grpc/proto-loader';

export interface Hardware {
  'cores'?: (number);
  'memoryBytes'?: (number | string | Long);
  'disks'?: (_drover_v1_Disk)[];
  'threads'?: (number);
  '_cores'?: "cores";
  '_memoryBytes'?: "memoryBytes";
  '_threads'?: "threads";
}

export interface Hardware__Output {
  'cores'?: (number);
  'memoryBytes'?: (number);
  'disks': (_drover_v1_Disk__Output)[];
  'threads'?: (number);
  '_cores'?: "cores";
  '_memoryBytes'?: "memoryBytes";
  '_threads'?: "threads";
}
