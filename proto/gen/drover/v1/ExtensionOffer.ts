// Original file: proto/drover/v1/fleet.proto


export interface ExtensionOffer {
  'name'?: (string);
  'os'?: (string);
  'major'?: (number);
  'package'?: (string);
  'version'?: (string);
  'preload'?: (string)[];
  'restart'?: (boolean);
  'databaseSetting'?: (string);
  'requires'?: (string)[];
  'nodes'?: (string)[];
  'declared'?: (string)[];
}

export interface ExtensionOffer__Output {
  'name': (string);
  'os': (string);
  'major': (number);
  'package': (string);
  'version': (string);
  'preload': (string)[];
  'restart': (boolean);
  'databaseSetting': (string);
  'requires': (string)[];
  'nodes': (string)[];
  'declared': (string)[];
}
