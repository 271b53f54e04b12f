import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ServerCredentials } from '@grpc/grpc-js'
import type { Server } from 'nice-grpc'
import { DroverError } from '../../shared/domain/errors.ts'
import { createWireServer } from '../../shared/wire/channel.ts'
import {
  addEnrolment,
  addFleet,
  addMesh,
  type EnrolmentServer,
  type FleetServer,
  type MeshServer,
} from '../../shared/wire/services.ts'
import { listenUnix } from '../../shared/wire/unix-socket.ts'
import type { OrchestratorConfig } from '../config.ts'
import type { ServerIdentity } from './server-identity.ts'

/** How long open calls get to end by themselves when the orchestrator stops. */
const GRACE_MS = 2000
const SOCKET_GROUP = 'drover'

export interface Handlers {
  readonly fleet: FleetServer
  readonly enrolment: EnrolmentServer
  readonly mesh: MeshServer
}

/** Ports that were really taken; 0 stands for none. */
export interface Ports {
  readonly api: number
  readonly enrol: number
  readonly mesh: number
}

export interface Listeners {
  readonly ports: Ports
  close(): Promise<void>
}

/** Opens every gRPC listener, or none. Throws `conflict` for a busy port or socket, naming it. */
export async function openListeners(parts: {
  readonly config: OrchestratorConfig['listen']
  readonly identity: ServerIdentity
  readonly handlers: Handlers
}): Promise<Listeners> {
  const { config, identity, handlers } = parts
  const servers: Server[] = []
  try {
    const enrol = await listenTls('enrol', config.enrol, identity.tls(), server =>
      addEnrolment(server, handlers.enrolment),
    )
    const mesh = await listenTls('mesh', config.mesh, identity.mutualTls(), server => addMesh(server, handlers.mesh))
    const api =
      config.api === ''
        ? 0
        : await listenTls('api', config.api, identity.mutualTls(), server => addFleet(server, handlers.fleet))
    await listenSocket()
    return { ports: { enrol, mesh, api }, close: () => closeAll(servers) }
  } catch (error) {
    await closeAll(servers)
    throw error
  }

  async function listenTls(
    name: keyof Ports,
    address: string,
    credentials: ServerCredentials,
    add: (server: Server) => void,
  ): Promise<number> {
    const server = createWireServer({ transport: 'tls' })
    servers.push(server)
    add(server)
    return server.listen(address, credentials).catch((error: unknown) => {
      throw listenError(error, { name, address })
    })
  }

  async function listenSocket(): Promise<void> {
    const server = createWireServer({ transport: 'unix' })
    servers.push(server)
    addFleet(server, handlers.fleet)
    await mkdir(dirname(config.socket), { recursive: true, mode: 0o755 })
    const groupId = await socketGroup()
    await listenUnix({ server, path: config.socket, ...(groupId === undefined ? {} : { groupId }) })
  }
}

/** What went wrong with an address of config.yml, in words. */
export function listenError(error: unknown, where: { readonly name: string; readonly address: string }): DroverError {
  const text = error instanceof Error ? error.message : String(error)
  const what = `listen.${where.name} ${where.address}`
  if (text.includes('EADDRINUSE')) {
    return new DroverError('conflict', `${what}: the port is busy`, {
      cause: error,
      hint: `see who has it: ss -ltnp; or choose another port in config.yml`,
    })
  }
  if (text.includes('EACCES'))
    return new DroverError('denied', `${what}: not allowed to take this port`, { cause: error })
  if (text.includes('EADDRNOTAVAIL')) {
    return new DroverError('invalid', `${what}: this machine does not have that address`, { cause: error })
  }
  return new DroverError('failed', `${what}: ${text}`, { cause: error })
}

/** GOAWAY alone does not end a call: after a moment they are cut. */
async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(async server => {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, GRACE_MS)
      await Promise.race([server.shutdown(), late])
      clearTimeout(timer)
      server.forceShutdown()
    }),
  )
}

/** The group whose members may use the socket besides its owner; undefined when the machine has none. */
async function socketGroup(): Promise<number | undefined> {
  const groups = await readFile('/etc/group', 'utf8').catch(() => '')
  const line = groups.split('\n').find(each => each.startsWith(`${SOCKET_GROUP}:`))
  const id = Number(line?.split(':')[2] ?? Number.NaN)
  return Number.isInteger(id) && process.getuid?.() === 0 ? id : undefined
}
