import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Channel, createServer, type Server } from 'nice-grpc'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestPki, type TestPki } from '../../test/support/test-pki.ts'
import { DroverError } from '../domain/errors.ts'
import type { Problem } from '../domain/problem.ts'
import { Queue } from '../lib/queue.ts'
import {
  createWireServer,
  mutualTlsServer,
  openChannel,
  openUnixChannel,
  openUnverifiedChannel,
  tlsServer,
} from './channel.ts'
import { PEER_KEY, type Peer, peerOf } from './peer.ts'
import {
  addEnrolment,
  addFleet,
  addMesh,
  createEnrolmentClient,
  createFleetClient,
  createMeshClient,
  type EnrolmentServer,
  type FleetServer,
  type MeshServer,
} from './services.ts'
import { listenUnix } from './unix-socket.ts'

const deadline = () => AbortSignal.timeout(10_000)
const servers: Server[] = []
const channels: Channel[] = []
let pki: TestPki

beforeAll(async () => {
  pki = await createTestPki()
})
afterEach(() => {
  for (const channel of channels.splice(0)) channel.close()
  for (const server of servers.splice(0)) server.forceShutdown()
})

describe('the mesh', () => {
  let peers: Peer[]
  let port: number

  beforeEach(async () => {
    peers = []
    const server = track(createWireServer({ transport: 'tls' }))
    addMesh(server, meshServer(peers))
    port = await server.listen('127.0.0.1:0', mutualTlsServer({ ...pki.server, caPem: pki.ca.caPem }))
  })

  const dial = (identity?: { certificatePem: string; privateKeyPem: string }) =>
    createMeshClient(
      open(openChannel({ address: `127.0.0.1:${port}`, caPem: pki.ca.caPem, ...(identity && { identity }) })),
    )

  it('carries calls, and shows the server who calls', async () => {
    const mesh = dial(await pki.node('node-a', 7))
    const answer = await mesh.Renew({ csr: Buffer.from('request') }, { signal: deadline() })
    expect(answer).toEqual({ certificatePem: 'renewed request', caPem: '' })
    expect(peers).toMatchObject([{ kind: 'node', fleetId: pki.fleetId, nodeId: 'node-a', generation: 7 }])
    const [peer] = peers
    if (peer?.kind !== 'node') throw new Error('no node')
    expect(peer.certificate.notAfter).toBeGreaterThan(Date.now() + 23 * 3_600_000)
  })

  it('carries a session both ways until either side ends it', async () => {
    const mesh = dial(await pki.node('node-a'))
    const outbox = new Queue<{ sequence: number; heartbeat: { factsHash: string } }>({ maxItems: 10 })
    outbox.push({ sequence: 1, heartbeat: { factsHash: 'one' } })
    const seen: string[] = []
    for await (const message of mesh.Session(outbox, { signal: deadline() })) {
      seen.push(message.body === 'goodbye' ? 'goodbye' : (message.ack?.commandId ?? ''))
      if (seen.length === 1) outbox.push({ sequence: 2, heartbeat: { factsHash: 'two' } })
      if (seen.length === 2) outbox.close()
    }
    expect(seen).toEqual(['one', 'two', 'goodbye'])
  })

  it('ignores what a client claims to be', async () => {
    const { Metadata } = await import('nice-grpc')
    const claim = Buffer.from(JSON.stringify({ kind: 'node', fleetId: pki.fleetId, nodeId: 'victim', generation: 1 }))
    const metadata = Metadata().set(PEER_KEY, [claim, claim])
    const mesh = dial(await pki.node('attacker'))
    await mesh.Renew({ csr: Buffer.from('x') }, { metadata, signal: deadline() })
    expect(peers).toMatchObject([{ kind: 'node', nodeId: 'attacker' }])
  })

  it('turns away who has no certificate, or one of another fleet', async () => {
    const stranger = await (await createTestPki()).node('node-a')
    for (const mesh of [dial(), dial(stranger)]) {
      const call = mesh.Renew({ csr: Buffer.from('x') }, { signal: deadline() })
      await expect(call).rejects.toMatchObject({ code: 'unavailable', retryable: true })
    }
    expect(peers).toEqual([])
  })

  it('is not dialled when it cannot prove its own name', async () => {
    const other = await createTestPki()
    const channel = open(openChannel({ address: `127.0.0.1:${port}`, caPem: other.ca.caPem }))
    await expect(createMeshClient(channel).Renew({}, { signal: deadline() })).rejects.toMatchObject({
      code: 'unavailable',
    })
  })

  it('takes a user for a user, and a service certificate for nobody', async () => {
    await dial(await pki.user('alice')).Renew({ csr: Buffer.from('x') }, { signal: deadline() })
    const { opensslRequest } = await import('../../test/support/test-pki.ts')
    const { csr, privateKeyPem } = opensslRequest()
    const service = await pki.ca.issueServiceCertificate({
      csr,
      commonName: 'alice',
      names: ['node-a'],
      usages: ['client'],
    })
    await dial({ certificatePem: service.pem, privateKeyPem }).Renew({ csr: Buffer.from('x') }, { signal: deadline() })
    expect(peers).toMatchObject([{ kind: 'user', name: 'alice' }, { kind: 'anonymous' }])
  })

  it('refuses messages above four megabytes without ending the connection', async () => {
    const mesh = dial(await pki.node('node-a'))
    const big = mesh.Renew({ csr: Buffer.alloc(5 * 1024 * 1024) }, { signal: deadline() })
    await expect(big).rejects.toMatchObject({ code: 'exhausted' })
    await expect(mesh.Renew({ csr: Buffer.from('x') }, { signal: deadline() })).resolves.toBeDefined()
  })

  it('ends a call with the reason of its signal', async () => {
    const controller = new AbortController()
    const mesh = dial(await pki.node('node-a'))
    const session = mesh.Session(new Queue({ maxItems: 1 }), { signal: controller.signal })[Symbol.asyncIterator]()
    const next = session.next()
    controller.abort()
    await expect(next).rejects.toMatchObject({ name: 'AbortError' })
  })
})

describe('failures', () => {
  let failure: unknown
  let port: number

  beforeEach(async () => {
    const server = track(createWireServer({ transport: 'tls' }))
    addEnrolment(
      server,
      enrolmentServer(() => failure),
    )
    port = await server.listen('127.0.0.1:0', tlsServer(pki.server))
  })

  const bootstrap = async (): Promise<DroverError> => {
    const enrolment = createEnrolmentClient(open(openUnverifiedChannel(`127.0.0.1:${port}`)))
    const error: unknown = await enrolment.Bootstrap({}, { signal: deadline() }).catch((thrown: unknown) => thrown)
    if (!(error instanceof DroverError)) throw new TypeError('expected a DroverError')
    return error
  }

  it('arrive whole: code, message, hint, retryable, problems', async () => {
    const problems: Problem[] = [
      {
        code: 'unknown-key',
        message: 'größer',
        path: 'clusters[0]',
        line: 3,
        column: 9,
        hint: 'remove it',
        severity: 'error',
      },
      { code: 'old', message: 'deprecated', severity: 'warning' },
    ]
    failure = new DroverError('stale', 'the plan is old', { hint: 'plan again', retryable: true, problems })
    const error = await bootstrap()
    expect(error).toMatchObject({ code: 'stale', message: 'the plan is old', hint: 'plan again', retryable: true })
    expect(error.problems).toEqual(problems)
  })

  it('say how many problems were left out when they are too many for a trailer', async () => {
    const problems = Array.from({ length: 5000 }, (_, index): Problem => {
      return { code: 'bad', message: `problem ${index} `.repeat(5), severity: 'error' }
    })
    failure = new DroverError('invalid', 'a great many problems', { problems })
    const error = await bootstrap()
    expect(error.message).toBe('a great many problems')
    const last = error.problems.at(-1)
    expect(last).toMatchObject({
      code: 'more-problems',
      message: `${5000 - error.problems.length + 1} more problems are not shown`,
    })
    expect(error.problems.length).toBeGreaterThan(50)
  })

  it('of other kinds are internal, and a long message survives', async () => {
    failure = new TypeError('x is not a function')
    expect(await bootstrap()).toMatchObject({ code: 'internal', message: 'x is not a function' })
    failure = new DroverError('failed', 'line\n'.repeat(1000))
    expect((await bootstrap()).message).toBe('line\n'.repeat(1000))
  })

  it('of a server without this service keep their meaning', async () => {
    const plain = track(createServer())
    const elsewhere = await plain.listen('127.0.0.1:0', tlsServer(pki.server))
    const enrolment = createEnrolmentClient(open(openUnverifiedChannel(`127.0.0.1:${elsewhere}`)))
    await expect(enrolment.Bootstrap({}, { signal: deadline() })).rejects.toMatchObject({
      name: 'DroverError',
      code: 'failed',
    })
  })
})

describe('the enrol listener', () => {
  it('talks to strangers, verified by the CA or not at all', async () => {
    const peers: Peer[] = []
    const server = track(createWireServer({ transport: 'tls' }))
    addEnrolment(
      server,
      enrolmentServer(() => null, peers),
    )
    const address = `localhost:${await server.listen('localhost:0', tlsServer(pki.server))}`
    for (const channel of [openUnverifiedChannel(address), openChannel({ address, caPem: pki.ca.caPem })])
      expect((await createEnrolmentClient(open(channel)).Bootstrap({}, { signal: deadline() })).fleetId).toBe('fleet')
    expect(peers).toEqual([{ kind: 'anonymous' }, { kind: 'anonymous' }])
  })
})

describe('the unix socket', () => {
  let directory: string
  let path: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drover-socket-'))
    path = join(directory, 'api.sock')
  })
  afterEach(() => rm(directory, { recursive: true }))

  it('carries the fleet API to local peers, streams included', async () => {
    const peers: Peer[] = []
    await listenUnix({ server: fleetServer(peers), path })
    expect((await stat(path)).mode & 0o777).toBe(0o660)
    const fleet = createFleetClient(open(openUnixChannel(path)))
    expect((await fleet.GetVersion({}, { signal: deadline() })).version).toBe('1.2.3')
    const lines: string[] = []
    for await (const event of fleet.WatchOperation({ operationId: 'op' }, { signal: deadline() }))
      lines.push(event.message)
    expect(lines).toEqual(['one of op', 'two of op'])
    expect(peers).toEqual([{ kind: 'local' }])
  })

  it('replaces the socket of a dead process and spares a live one', async () => {
    const first = fleetServer([])
    await listenUnix({ server: first, path })
    await expect(listenUnix({ server: fleetServer([]), path })).rejects.toMatchObject({ code: 'conflict' })
    first.forceShutdown()
    await listenUnix({ server: fleetServer([]), path })
    const fleet = createFleetClient(open(openUnixChannel(path)))
    expect((await fleet.GetVersion({}, { signal: deadline() })).version).toBe('1.2.3')
  })

  it('never replaces a file that is no socket', async () => {
    await writeFile(path, 'precious')
    await expect(listenUnix({ server: fleetServer([]), path })).rejects.toMatchObject({ code: 'conflict' })
    expect((await stat(path)).isFile()).toBe(true)
  })

  it('is unavailable when nobody listens', async () => {
    const fleet = createFleetClient(open(openUnixChannel(path)))
    await expect(fleet.GetVersion({}, { signal: deadline() })).rejects.toMatchObject({ code: 'unavailable' })
  })
})

function meshServer(peers: Peer[]): MeshServer {
  return {
    Session: async function* (messages, _context) {
      for await (const message of messages) yield { ack: { commandId: message.heartbeat?.factsHash ?? '' } }
      yield { goodbye: { reason: 'done' } }
    },
    Renew: async (request, context) => {
      peers.push(peerOf(context))
      return { certificatePem: `renewed ${request.csr.toString()}` }
    },
    IssueCertificate: async () => {
      throw new DroverError('denied', 'no such item')
    },
  }
}

function enrolmentServer(failure: () => unknown, peers: Peer[] = []): EnrolmentServer {
  const denied = async () => {
    throw new DroverError('denied', 'not in this test')
  }
  return {
    Bootstrap: async (_request, context) => {
      peers.push(peerOf(context))
      const thrown = failure()
      if (thrown !== null) throw thrown
      return { fleetId: 'fleet' }
    },
    Challenge: denied,
    Enrol: denied,
    Recover: denied,
  }
}

/** Only the methods under test; the rest answer `denied`. */
function fleetServer(peers: Peer[]): Server {
  const server = track(createWireServer({ transport: 'unix' }))
  const some: Partial<FleetServer> = {
    GetVersion: async (_request, context) => {
      peers.push(peerOf(context))
      return { version: '1.2.3' }
    },
    WatchOperation: async function* ({ operationId }) {
      yield { message: `one of ${operationId}` }
      yield { message: `two of ${operationId}` }
    },
  }
  const denied = async () => {
    throw new DroverError('denied', 'not in this test')
  }
  addFleet(server, new Proxy(some, { get: (target, name) => Reflect.get(target, name) ?? denied }) as FleetServer)
  return server
}

function track(server: Server): Server {
  servers.push(server)
  return server
}

function open(channel: Channel): Channel {
  channels.push(channel)
  return channel
}
