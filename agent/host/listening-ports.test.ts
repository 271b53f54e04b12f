import { describe, expect, it } from 'vitest'
import { listeningSockets } from './listening-ports.ts'

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 00000000:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000   106        0 73190 1 00000000e5c08b0c 100 0 0 10 0                       
   1: 0100007F:1F48 00000000:0000 0A 00000000:00000000 00:00000000 00000000   106        0 73311 1 000000001b22a1c5 100 0 0 10 0                       
   2: 0100007F:1538 0100007F:D2F0 01 00000000:00000000 00:00000000 00000000   106        0 73402 1 0000000077aa2b41 20 4 30 10 -1                      
   3: 0100007F:1539 0100007F:D2F2 06 00000000:00000000 03:00000A5C 00000000     0        0 0 3 00000000c1d10f5e                                        
`
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:094B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   105        0 81007 1 000000006a9a2c53 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:094B 0000000000000000FFFF00000100007F:A4E2 01 00000000:00000000 00:00000000 00000000   105        0 81233 1 00000000d3f15e88 20 4 0 10 -1
`

describe('the kernel’s tables of TCP sockets', () => {
  it('tell what listens, and not what is merely connected or about to vanish', () => {
    expect(listeningSockets(TCP)).toEqual([
      { port: 5432, inode: '73190' },
      { port: 8008, inode: '73311' },
    ])
  })

  it('read the same for IPv6', () => {
    expect(listeningSockets(TCP6)).toEqual([{ port: 2379, inode: '81007' }])
  })

  it('hold nothing when only their heading is there', () => {
    expect(listeningSockets(TCP.split('\n')[0] ?? '')).toEqual([])
  })
})
