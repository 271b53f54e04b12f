// Original file: proto/drover/v1/fleet.proto

import type { ExtensionOffer as _drover_v1_ExtensionOffer, ExtensionOffer__Output as _drover_v1_ExtensionOffer__Output } from '../../drover/v1/ExtensionOffer.ts';

export interface ListExtensionsResponse {
  'extensions'?: (_drover_v1_ExtensionOffer)[];
}

export interface ListExtensionsResponse__Output {
  'extensions': (_drover_v1_ExtensionOffer__Output)[];
}
