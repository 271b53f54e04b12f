// Original file: proto/drover/v1/fleet.proto

import type { RepositoryPackage as _drover_v1_RepositoryPackage, RepositoryPackage__Output as _drover_v1_RepositoryPackage__Output } from '../../drover/v1/RepositoryPackage.ts';

export interface AddPackagesResponse {
  'packages'?: (_drover_v1_RepositoryPackage)[];
}

export interface AddPackagesResponse__Output {
  'packages': (_drover_v1_RepositoryPackage__Output)[];
}
