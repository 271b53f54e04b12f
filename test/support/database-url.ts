import { Socket } from 'node:net'
import { Client, type ClientConfig } from 'pg'

/** A `postgres://` URL taken apart. Several doors: each is tried in turn, as libpq does. */
export interface DatabaseUrl {
  readonly doors: readonly Door[]
  readonly user: string
  readonly password: string
  readonly database: string
  readonly tls: boolean
}

export interface Door {
  readonly host: string
  readonly port: number
}

/** Reads `postgres://user:password@host:port,host:port/database?sslmode=require`. Throws on anything else. */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  const match = /^postgres(?:ql)?:\/\/([^:@/]+):([^@/]*)@([^/]+)\/([^?]+)(?:\?(.*))?$/.exec(url)
  if (match === null) throw new Error('not a postgres:// URL with user, password, hosts and database')
  const [, user = '', password = '', hosts = '', database = '', options = ''] = match
  return {
    doors: hosts.split(',').map(readDoor),
    user: decodeURIComponent(user),
    password: decodeURIComponent(password),
    database: decodeURIComponent(database),
    tls: new URLSearchParams(options).get('sslmode') !== 'disable',
  }
}

/** The same URL through other doors. */
export function throughDoors(url: string, doors: readonly Door[]): string {
  const hosts = doors.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',')
  return url.replace(/@[^/]+\//, () => `@${hosts}/`)
}

function readDoor(text: string): Door {
  const match = /^(?:\[(.+)\]|([^:]+)):(\d+)$/.exec(text)
  if (match === null) throw new Error(`'${text}' is no host:port`)
  return { host: match[1] ?? match[2] ?? '', port: Number(match[3]) }
}

/** A session whose connection can be dropped at once, which a peer without power never acknowledges. */
export interface Session {
  readonly client: Client
  readonly drop: () => void
}

/**
 * Connects through one door. The fleet's certificates are signed by its own CA and name an instance, not the door: the
 * connection is encrypted, its peer is not verified.
 */
export async function openSession(url: DatabaseUrl, door: Door, config: ClientConfig = {}): Promise<Session> {
  const socket = new Socket()
  const client = new Client({
    ...config,
    ...door,
    user: url.user,
    password: url.password,
    database: url.database,
    ssl: url.tls ? { rejectUnauthorized: false } : false,
    stream: () => socket,
  })
  // An idle session that loses its server says so here; its next statement fails with the reason.
  client.on('error', () => undefined)
  const drop = (): void => void socket.destroy()
  try {
    await client.connect()
  } catch (error) {
    drop()
    throw error
  }
  return { client, drop }
}
