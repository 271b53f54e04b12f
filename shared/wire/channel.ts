import { ChannelCredentials, type ChannelOptions, ServerCredentials } from '@grpc/grpc-js'
import { type Channel, createChannel, createServer, type Server } from 'nice-grpc'
import { peerInterceptor } from './peer.ts'

/** A certificate chain with its private key, both PEM. */
export interface TlsIdentity {
  readonly certificatePem: string
  readonly privateKeyPem: string
}

/** Both directions; grpc-js alone limits only what it receives. */
export const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
/** What operators are told: the plan of 500 clusters is 11 MB. Agents take no more than the other limit. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024

const common: ChannelOptions = {
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  // Nobody asks for its bookkeeping, and agents are small.
  'grpc.enable_channelz': 0,
}

/** A server whose handlers can ask `peerOf(context)`. One server has one listener: call `listen(address, credentials)` once. */
export function createWireServer(options: {
  readonly transport: 'tls' | 'unix'
  /** Open streams per connection. Default 16: an agent needs one and a few short ones. */
  readonly maxStreams?: number
}): Server {
  return createServer({
    ...common,
    'grpc.max_send_message_length': MAX_ANSWER_BYTES,
    'grpc.max_concurrent_streams': options.maxStreams ?? 16,
    interceptors: [peerInterceptor(options.transport)],
  })
}

/** Mesh and API listeners: only clients with a certificate of this CA get through the handshake. */
export function mutualTlsServer(identity: TlsIdentity & { readonly caPem: string }): ServerCredentials {
  return ServerCredentials.createSsl(Buffer.from(identity.caPem), [keyPair(identity)], true)
}

/** Enrol listener: anyone may connect; what they may do is proven by the token. */
export function tlsServer(identity: TlsIdentity): ServerCredentials {
  return ServerCredentials.createSsl(null, [keyPair(identity)], false)
}

/** A channel over TLS that trusts only this CA, and shows a client certificate when one is given. */
export function openChannel(options: {
  /** `host:port`. */
  readonly address: string
  readonly caPem: string
  readonly identity?: TlsIdentity
  /** Name or address the server's certificate must carry when it is not the host of `address`. */
  readonly serverName?: string
  /** An operator's, who may ask for answers about the whole fleet. */
  readonly isOperator?: boolean
}): Channel {
  const { identity } = options
  const credentials = ChannelCredentials.createSsl(
    Buffer.from(options.caPem),
    identity === undefined ? null : Buffer.from(identity.privateKeyPem),
    identity === undefined ? null : Buffer.from(identity.certificatePem),
  )
  const name =
    options.serverName === undefined
      ? {}
      : { 'grpc.ssl_target_name_override': options.serverName, 'grpc.default_authority': options.serverName }
  return createChannel(options.address, credentials, {
    ...(options.isOperator === true ? operatorOptions : clientOptions),
    ...name,
  })
}

/** TLS without verification, for the one call (Bootstrap) whose answer the caller checks against its pin. */
export function openUnverifiedChannel(address: string): Channel {
  const credentials = ChannelCredentials.createSsl(null, null, null, {
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  return createChannel(address, credentials, clientOptions)
}

export function openUnixChannel(path: string): Channel {
  return createChannel(`unix://${path}`, ChannelCredentials.createInsecure(), operatorOptions)
}

const clientOptions: ChannelOptions = {
  ...common,
  'grpc.keepalive_permit_without_calls': 1,
  // Retries buffer up to 1 MiB a call until the server's first header; sessions resend by themselves.
  'grpc.enable_retries': 0,
  // Two channels to one address must not share a connection: a renewed certificate means a new one.
  'grpc.use_local_subchannel_pool': 1,
}

const operatorOptions: ChannelOptions = { ...clientOptions, 'grpc.max_receive_message_length': MAX_ANSWER_BYTES }

function keyPair(identity: TlsIdentity) {
  return { private_key: Buffer.from(identity.privateKeyPem), cert_chain: Buffer.from(identity.certificatePem) }
}
