import { known, type NodeFacts, unknown } from '../../shared/domain/facts.ts'

/** Facts of a small host, for tests that only need some. */
export function minimalFacts(changes: Partial<NodeFacts> = {}): NodeFacts {
  const none = unknown('not read in this test')
  return {
    hostname: 'node-1',
    machineId: none,
    os: { id: known('debian', 'os-release'), versionId: known('13', 'os-release'), codename: none, name: none },
    kernel: none,
    architecture: known('amd64', 'uname'),
    glibc: none,
    icu: none,
    virtualization: none,
    cpu: {
      model: none,
      sockets: none,
      cores: known(4, 'sysfs'),
      threads: known(8, 'sysfs'),
      effective: known(8, 'sysfs'),
    },
    numa: [],
    memory: {
      totalBytes: known(8e9, '/proc/meminfo'),
      effectiveBytes: known(8e9, '/proc/meminfo'),
      swapBytes: none,
      hugepages: none,
    },
    cgroup: { version: none, cpuQuota: none, memoryLimitBytes: none },
    disks: [],
    filesystems: [],
    network: [],
    system: { vendor: none, product: none, serial: none, uuid: none },
    clock: { synchronized: none, source: none },
    packages: [],
    ...changes,
  }
}
