import { describe, expect, it } from 'vitest'
import { parseHierarchies } from './cgroups.ts'

describe('finding the control group hierarchies', () => {
  it('of a machine with the unified one alone', () => {
    expect(parseHierarchies('cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid 0 0\n')).toEqual({
      unified: '/sys/fs/cgroup',
      legacy: [],
    })
  })

  it('of a hybrid machine, the old ones beside it', () => {
    const mounts = `tmpfs /sys/fs/cgroup tmpfs rw 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,name=systemd 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0
`
    expect(parseHierarchies(mounts)).toEqual({
      unified: '/sys/fs/cgroup/unified',
      legacy: ['/sys/fs/cgroup/memory', '/sys/fs/cgroup/systemd'],
    })
  })

  it('of a machine without the unified one: none', () => {
    expect(parseHierarchies('cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n')).toBeUndefined()
  })
})
