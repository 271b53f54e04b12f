// Original file: proto/drover/v1/fleet.proto


export interface Load {
  'cores'?: (number | string);
  'memory'?: (number | string);
  'disk'?: (number | string);
  'iops'?: (number | string);
  '_cores'?: "cores";
  '_memory'?: "memory";
  '_disk'?: "disk";
  '_iops'?: "iops";
}

export interface Load__Output {
  'cores'?: (number);
  'memory'?: (number);
  'disk'?: (number);
  'iops'?: (number);
  '_cores'?: "cores";
  '_memory'?: "memory";
  '_disk'?: "disk";
  '_iops'?: "iops";
}
