export interface ListeningSocket {
  readonly port: number
  /** As in the link `socket:[inode]` under `/proc/<pid>/fd` of each process that holds it. */
  readonly inode: string
}

/** The tables of TCP sockets of the agent's network namespace; their lines have the same fields. */
export const TCP_TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const

/** TCP_LISTEN in the kernel's tcp_states.h, as the tables print it. */
const LISTEN = '0A'

/** The listening sockets in the text of one of {@link TCP_TABLES}, on whatever address they listen (see proc_net_tcp in the kernel's documentation). */
export function listeningSockets(table: string): readonly ListeningSocket[] {
  return table.split('\n').flatMap(line => {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    if (local === undefined || inode === undefined || state !== LISTEN) return []
    return [{ port: Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16), inode }]
  })
}
