import type { ServiceDefinition } from '@grpc/grpc-js'
import { type Channel, createClientFactory, type Server } from 'nice-grpc'
import type { EnrolmentDefinition } from '../../proto/gen/drover/v1/Enrolment.ts'
import type { FleetDefinition } from '../../proto/gen/drover/v1/Fleet.ts'
import type { MeshDefinition } from '../../proto/gen/drover/v1/Mesh.ts'
import { DroverError } from '../domain/errors.ts'
import { serviceDefinition } from './definitions.ts'
import { clientFailures, serverFailures } from './failure-middleware.ts'
import type { ClientOf, MethodKind, MethodKinds, ServerOf } from './service-types.ts'

const enrolment = {
  Bootstrap: 'unary',
  Challenge: 'unary',
  Enrol: 'unary',
  Recover: 'unary',
} as const satisfies MethodKinds<EnrolmentDefinition>

const mesh = {
  Session: 'bidi',
  Renew: 'unary',
  IssueCertificate: 'unary',
} as const satisfies MethodKinds<MeshDefinition>

const fleet = {
  GetVersion: 'unary',
  CreateToken: 'unary',
  ListTokens: 'unary',
  RevokeToken: 'unary',
  ListNodes: 'unary',
  ShowNode: 'unary',
  ApproveNode: 'unary',
  LabelNode: 'unary',
  Plan: 'unary',
  Apply: 'unary',
  Status: 'unary',
  WatchStatus: 'server-stream',
  ShowCluster: 'unary',
  Drift: 'unary',
  StartOperation: 'unary',
  ListOperations: 'unary',
  ShowOperation: 'unary',
  WatchOperation: 'server-stream',
  CancelOperation: 'unary',
  ResumeOperation: 'unary',
  ShowUpgrade: 'unary',
  ListAudit: 'unary',
  VerifyAudit: 'unary',
  ListPackages: 'unary',
  ListExtensions: 'unary',
  FillPackages: 'server-stream',
  AddPackages: 'unary',
} as const satisfies MethodKinds<FleetDefinition>

export type EnrolmentServer = ServerOf<EnrolmentDefinition, typeof enrolment>
export type EnrolmentClient = ClientOf<EnrolmentDefinition, typeof enrolment>
export type MeshServer = ServerOf<MeshDefinition, typeof mesh>
export type MeshClient = ClientOf<MeshDefinition, typeof mesh>
export type FleetServer = ServerOf<FleetDefinition, typeof fleet>
export type FleetClient = ClientOf<FleetDefinition, typeof fleet>

export function addEnrolment(server: Server, implementation: EnrolmentServer): void {
  add({ server, definition: checked('Enrolment', enrolment), implementation })
}

export function addMesh(server: Server, implementation: MeshServer): void {
  add({ server, definition: checked('Mesh', mesh), implementation })
}

export function addFleet(server: Server, implementation: FleetServer): void {
  add({ server, definition: checked('Fleet', fleet), implementation })
}

export function createEnrolmentClient(channel: Channel): EnrolmentClient {
  return create(checked('Enrolment', enrolment), channel) as EnrolmentClient
}

export function createMeshClient(channel: Channel): MeshClient {
  return create(checked('Mesh', mesh), channel) as MeshClient
}

export function createFleetClient(channel: Channel): FleetClient {
  return create(checked('Fleet', fleet), channel) as FleetClient
}

function add(parts: { server: Server; definition: ServiceDefinition; implementation: object }): void {
  const { server, definition, implementation } = parts
  server.with(serverFailures).add(definition, implementation)
}

function create(definition: ServiceDefinition, channel: Channel): unknown {
  return createClientFactory().use(clientFailures).create(definition, channel)
}

/** The kinds stated here must be those of the loaded .proto, or the types would lie. */
function checked(name: 'Enrolment' | 'Mesh' | 'Fleet', kinds: Readonly<Record<string, MethodKind>>): ServiceDefinition {
  const definition = serviceDefinition(name)
  for (const [method, { requestStream, responseStream }] of Object.entries(definition)) {
    const kind = requestStream ? 'bidi' : responseStream ? 'server-stream' : 'unary'
    if (kinds[method] !== kind)
      throw new DroverError('internal', `${name}.${method} is ${kind} in the proto, not ${kinds[method]}`)
  }
  return definition
}
