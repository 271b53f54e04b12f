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
  const port = portOf(await fleet.cluster(cluster), service)
  return throughDoors(await fleet.url(cluster), [{ host: fleet.address(node), port }])
}

/** Whether the server behind a door is a standby. */
export async function leadsToStandby(door: Door): Promise<boolean> {
  const [row] = await door.fleet.sql.query(await doorUrl(door), 'select pg_is_in_recovery() as standby')
  return row?.['standby'] === true
}

/** Writes through a door, and says whether the row is there for whoever asks the primary directly. */
export async function writeArrives(door: Door, text: string): Promise<boolean> {
  const { fleet } = door
  const literal = `'${text.replaceAll("'", "''")}'`
  await fleet.sql.query(
    await doorUrl(door),
    `create table if not exists notes (text text primary key); insert into notes values (${literal})`,
  )
  const direct = await doorUrl({ ...door, service: 'default' })
  return (await fleet.sql.query(direct, `select text from notes where text = ${literal}`)).length === 1
}
