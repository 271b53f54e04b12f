// Original file: proto/drover/v1/fleet.proto

import type { Hardware as _drover_v1_Hardware, Hardware__Output as _drover_v1_Hardware__Output } from '../../drover/v1/Hardware.ts';
import type { Long } from '@grpc/proto-loader';

export interface Node {
  'name'?: (string);
  'id'?: (string);
  'state'?: (string);
  'address'?: (string);
  'agentVersion'?: (string);
  'hardware'?: (_drover_v1_Hardware | null);
  'labels'?: ({[key: string]: string});
  'generation'?: (number | string | Long);
  'os'?: (string);
  'lastSeenMs'?: (number | string | Long);
  'clockOffsetMs'?: (number | string | Long);
  'pendingReason'?: (string);
  'warnings'?: (string)[];
  '_lastSeenMs'?: "lastSeenMs";
  '_clockOffsetMs'?: "clockOffsetMs";
}

export interface Node__Output {
  'name': (string);
  'id': (string);
  'state': (string);
  'address': (string);
  'agentVersion': (string);
  'hardware': (_drover_v1_Hardware__Output | null);
  'labels': ({[key: string]: string});
  'generation': (number);
  'os': (string);
  'lastSeenMs'?: (number);
  'clockOffsetMs'?: (number);
  'pendingReason': (string);
  'warnings': (string)[];
  '_lastSeenMs'?: "lastSeenMs";
  '_clockOffsetMs'?: "clockOffsetMs";
}
