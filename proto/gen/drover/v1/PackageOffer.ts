// Original file: proto/drover/v1/fleet.proto


export interface PackageOffer {
  'versions'?: ({[key: string]: string});
}

export interface PackageOffer__Output {
  'versions': ({[key: string]: string});
}
