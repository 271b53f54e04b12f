import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ServiceDefinition } from '@grpc/grpc-js'
import { loadSync, type MessageTypeDefinition, type PackageDefinition } from '@grpc/proto-loader'
import type { ProtoGrpcType as AgentTypes } from '../../proto/gen/agent.ts'
import type { ProtoGrpcType as FleetTypes } from '../../proto/gen/fleet.ts'

type MessageTypes = AgentTypes['drover']['v1'] & FleetTypes['drover']['v1']
export type MessageName = {
  [Name in keyof MessageTypes]: MessageTypes[Name] extends MessageTypeDefinition<infer _In, infer _Out> ? Name : never
}[keyof MessageTypes]
export type MessageType<Name extends MessageName> = MessageTypes[Name]

/**
 * The loaded .proto files. The options must equal those of deploy/build/generate-types.ts, or the committed types lie.
 */
const agentDefinition = load('agent')
let fleetDefinition: PackageDefinition | undefined

export function serviceDefinition(name: 'Enrolment' | 'Mesh' | 'Fleet'): ServiceDefinition {
  return find(name) as ServiceDefinition
}

export function messageType<Name extends MessageName>(name: Name): MessageType<Name> {
  return find(name) as MessageType<Name>
}

/** The fleet API is loaded by the first who speaks it: an agent never does, and saves the memory. */
function find(name: string): PackageDefinition[string] | undefined {
  const known = agentDefinition[`drover.v1.${name}`]
  if (known !== undefined) return known
  fleetDefinition ??= load('fleet')
  return fleetDefinition[`drover.v1.${name}`]
}

function load(file: 'agent' | 'fleet'): PackageDefinition {
  return loadSync(`drover/v1/${file}.proto`, {
    includeDirs: [protoDirectory()],
    longs: Number,
    enums: String,
    bytes: Buffer,
    defaults: true,
    oneofs: true,
  })
}

/** Beside a bundle the folder is `./proto`; in the source tree it is the repository's own. */
function protoDirectory(): string {
  const bundled = fileURLToPath(new URL('./proto', import.meta.url))
  return existsSync(bundled) ? bundled : fileURLToPath(new URL('../../proto', import.meta.url))
}
