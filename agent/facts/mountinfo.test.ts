import { describe, expect, it } from 'vitest'
import { parseMountinfo } from './mountinfo.ts'

describe('a line of mountinfo', () => {
  it('is read with any number of optional fields and with escaped names', () => {
    const text = [
      '36 35 98:0 /mnt1 /mnt\\0402 rw,noatime master:1 shared:2 - ext3 /dev/my\\134disk rw,errors=continue',
      '37 35 0:5 / /plain rw - tmpfs none rw',
      'a line that is not one',
    ].join('\n')
    expect(parseMountinfo(text)).toEqual([
      {
        device: '98:0',
        root: '/mnt1',
        point: '/mnt 2',
        options: ['rw', 'noatime'],
        type: 'ext3',
        source: '/dev/my\\disk',
        superOptions: ['rw', 'errors=continue'],
      },
      {
        device: '0:5',
        root: '/',
        point: '/plain',
        options: ['rw'],
        type: 'tmpfs',
        source: 'none',
        superOptions: ['rw'],
      },
    ])
  })
})
