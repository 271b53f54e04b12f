/** Every port that one cluster takes on each of its nodes. */
export interface Ports {
  readonly postgres: number
  /** HAProxy: pooled, read-write. */
  readonly primary: number
  /** HAProxy: pooled, read-only. */
  readonly replica: number
  /** HAProxy on loopback, behind the write pooler: the primary wherever it is. */
  readonly writeHop: number
  /** HAProxy: direct to the primary. */
  readonly default: number
  /** HAProxy: direct to a standby, for long analytical work. */
  readonly offline: number
  readonly poolerRw: number
  readonly poolerRo: number
  readonly patroni: number
}

/** The last block whose PostgreSQL ports (5432 + 10 × 99) stay below the first pooler port. */
export const MAX_PORT_BLOCK = 99

/** Port = base + 10 × block, so that several clusters can share a node. */
export function ports(portBlock: number): Ports {
  const shift = 10 * portBlock
  return {
    postgres: 5432 + shift,
    primary: 5433 + shift,
    replica: 5434 + shift,
    writeHop: 5435 + shift,
    default: 5436 + shift,
    offline: 5438 + shift,
    poolerRw: 6432 + shift,
    poolerRo: 6433 + shift,
    patroni: 8008 + shift,
  }
}
