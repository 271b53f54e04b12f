import { throughDoors } from './database-url.ts'
import type { TestFleet } from './fleet.ts'
import { portOf } from './fleet-status.ts'

export interface Door {
  readonly fleet: TestFleet
  readonly cluster: string
  readonly service: string
  readonly node: string
}

/** A URL that leads to a service of a cluster through one node. */
export async function doorUrl({ fleet, cluster, service, node }: Door): Promise<string> {
  const [url, status] = await Promise.all([fleet.url(cluster), fleet.cluster(cluster)])
  return throughDoors(url, [{ host: fleet.address(node), port: portOf(status, service) }])
}

/** The doors of one node to a cluster, looked up once: ports and passwords do not change. */
export async function doorsOf({ fleet, cluster, node }: Omit<Door, 'service'>): Promise<Doors> {
  const [url, status] = await Promise.all([fleet.url(cluster), fleet.cluster(cluster)])
  const through = (service: string): string =>
    throughDoors(url, [{ host: fleet.address(node), port: portOf(status, service) }])
  return {
    leadsToStandby: async service => {
      const [row] = await fleet.sql.query(through(service), 'select pg_is_in_recovery() as standby')
      return row?.['standby'] === true
    },
    writeArrives: async (service, text) => {
      const literal = `'${text.replaceAll("'", "''")}'`
      await fleet.sql.query(
        through(service),
        `create table if not exists notes (text text primary key); insert into notes values (${literal})`,
      )
      const found = await fleet.sql.query(through('default'), `select text from notes where text = ${literal}`)
      return found.length === 1
    },
  }
}

export interface Doors {
  /** Whether the server behind a service is a standby. */
  readonly leadsToStandby: (service: string) => Promise<boolean>
  /** Writes through a service, and says whether the row is there for whoever asks the primary directly. */
  readonly writeArrives: (service: string, text: string) => Promise<boolean>
}
