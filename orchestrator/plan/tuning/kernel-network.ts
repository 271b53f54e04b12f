import type { ClusterSpec } from '../../../shared/domain/spec.ts'

export interface NetworkRow {
  readonly name: string
  readonly value: string
  readonly because: string
  readonly from: string
  /** True for what each network namespace has for itself, so that a container may set it. */
  readonly ownNetwork: boolean
}

/** The network of a node that serves these clusters: queues that take a burst of clients, and dead peers that are noticed. */
export function networkRows(clusters: readonly ClusterSpec[]): readonly NetworkRow[] {
  const clients = clusters.reduce((sum, { pooler }) => sum + pooler.maxClientConnections, 0)
  const backlog = Math.min(65_535, Math.max(4096, 2 ** Math.ceil(Math.log2(Math.max(1, clients)))))
  const large = clusters.some(({ workload, failover }) => workload === 'olap' || failover === 'wide')
  const window = large ? 32 * MIB : 16 * MIB
  const queue = `${clients} clients of the poolers`
  const streams = large ? 'bulk results, or members far apart' : 'WAL and results'
  return [
    own('net.core.somaxconn', backlog, 'clients that arrive at once wait in the queue instead of being refused', queue),
    own('net.ipv4.tcp_max_syn_backlog', backlog, 'the same for connections that are half open', queue),
    own('net.ipv4.tcp_rmem', `4096 131072 ${window}`, 'a window that fills the line between members', streams),
    own('net.ipv4.tcp_wmem', `4096 65536 ${window}`, 'a window that fills the line between members', streams),
    own('net.ipv4.tcp_slow_start_after_idle', 0, 'a stream of WAL that paused goes on at full speed', streams),
    own('net.ipv4.tcp_keepalive_time', 60, 'a peer that is silent is asked after a minute', EVERY),
    own('net.ipv4.tcp_keepalive_intvl', 20, 'and again each 20 seconds', EVERY),
    own('net.ipv4.tcp_keepalive_probes', 3, 'and given up after the third time', EVERY),
    own(
      'net.ipv4.tcp_syn_retries',
      3,
      'a host that does not answer is given up after 15 seconds, not two minutes',
      EVERY,
    ),
    own('net.ipv4.tcp_tw_reuse', 1, 'ports of closed connections between proxy and pooler are used again', EVERY),
    host('net.core.netdev_max_backlog', 8192, 'bursts of packets wait for the processor', EVERY),
    host('net.core.rmem_max', window / 4, 'programs may ask for this much', streams),
    host('net.core.wmem_max', window / 4, 'programs may ask for this much', streams),
  ]
}

const MIB = 1024 ** 2
const EVERY = 'every member'

function own(name: string, value: string | number, because: string, from: string): NetworkRow {
  return { name, value: String(value), because, from, ownNetwork: true }
}

function host(name: string, value: string | number, because: string, from: string): NetworkRow {
  return { name, value: String(value), because, from, ownNetwork: false }
}
