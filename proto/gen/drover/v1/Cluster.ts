// Original file: proto/drover/v1/fleet.proto

import type { Member as _drover_v1_Member, Member__Output as _drover_v1_Member__Output } from '../../drover/v1/Member.ts';
import type { Service as _drover_v1_Service, Service__Output as _drover_v1_Service__Output } from '../../drover/v1/Service.ts';
import type { Long } from '@grpc/proto-loader';

export interface Cluster {
  'name'?: (string);
  'postgresVersion'?: (string);
  'state'?: (string);
  'primary'?: (string);
  'members'?: (_drover_v1_Member)[];
  'services'?: (_drover_v1_Service)[];
  'warnings'?: (string)[];
  'standbyOf'?: (string);
  'delaySeconds'?: (number);
  'removedAtMs'?: (number | string | Long);
  'eraseAfterMs'?: (number | string | Long);
  '_removedAtMs'?: "removedAtMs";
  '_eraseAfterMs'?: "eraseAfterMs";
}

export interface Cluster__Output {
  'name': (string);
  'postgresVersion': (string);
  'state': (string);
  'primary': (string);
  'members': (_drover_v1_Member__Output)[];
  'services': (_drover_v1_Service__Output)[];
  'warnings': (string)[];
  'standbyOf': (string);
  'delaySeconds': (number);
  'removedAtMs'?: (number);
  'eraseAfterMs'?: (number);
  '_removedAtMs'?: "removedAtMs";
  '_eraseAfterMs'?: "eraseAfterMs";
}
