import type { PeerCertificate } from 'node:tls'
import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js'
import type { CallContext } from 'nice-grpc'
import { parseSpiffe, SPIFFE_SCHEME, type SpiffeIdentity } from './spiffe.ts'

/** Who is at the other end of a call, as the transport proved it. */
export type Peer =
  | (SpiffeIdentity & { readonly certificate: PeerCertificateFacts })
  /** The unix socket: file permissions decided. */
  | { readonly kind: 'local' }
  /** No client certificate, or one that names nobody. */
  | { readonly kind: 'anonymous' }

export interface PeerCertificateFacts {
  /** Upper-case hex, as OpenSSL prints it. */
  readonly serial: string
  /** Unix milliseconds. */
  readonly notAfter: number
}

/** Reserved: set by the interceptor on every call, whatever the client sent. nice-grpc hands on nothing else. */
export const PEER_KEY = 'drover-peer-bin'

/** Removes what a client claims to be and writes what its connection proves. */
export function peerInterceptor(transport: 'tls' | 'unix'): ServerInterceptor {
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start: next =>
        next({
          onReceiveMetadata: (metadata, forward) => {
            const peer: Peer =
              transport === 'unix' ? { kind: 'local' } : certificatePeer(call.getAuthContext().sslPeerCertificate)
            metadata.remove(PEER_KEY)
            metadata.set(PEER_KEY, Buffer.from(JSON.stringify(peer)))
            forward(metadata)
          },
        }),
    })
}

/** Only for calls of a server made by `createWireServer`; elsewhere everyone is anonymous. */
export function peerOf(context: Pick<CallContext, 'metadata'>): Peer {
  const bytes = context.metadata.get(PEER_KEY)
  return bytes === undefined ? { kind: 'anonymous' } : (JSON.parse(Buffer.from(bytes).toString('utf8')) as Peer)
}

/** The identity of a certificate that TLS has already verified. Two identities in one certificate are none. */
export function certificatePeer(certificate: PeerCertificate | undefined): Peer {
  if (certificate === undefined) return { kind: 'anonymous' }
  const uris = subjectUris(certificate.subjectaltname ?? '').filter(uri => uri.startsWith(SPIFFE_SCHEME))
  const identity = uris.length === 1 ? parseSpiffe(uris[0] ?? '') : null
  if (identity === null) return { kind: 'anonymous' }
  const facts = { serial: certificate.serialNumber, notAfter: Date.parse(certificate.valid_to) }
  return { ...identity, certificate: facts }
}

/**
 * URIs of Node's `subjectaltname` text: `URI:…, DNS:…`. Values with special characters come JSON-quoted (CVE-2021-44532);
 * a quoted value is never one of ours, and is skipped as a whole, so that nothing can be smuggled inside it.
 */
function subjectUris(text: string): string[] {
  const entries = text.match(/[A-Za-z ]+:(?:"(?:[^"\\]|\\.)*"|[^,"]*)(?:, |$)/g) ?? []
  return entries
    .map(entry => entry.replace(/, $/, ''))
    .filter(entry => entry.startsWith('URI:') && !entry.includes('"'))
    .map(entry => entry.slice('URI:'.length))
}
