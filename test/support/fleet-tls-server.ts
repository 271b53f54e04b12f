import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TlsFiles } from '../../agent/observe/mutual-tls.ts'
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '../../orchestrator/ca/x509.ts'

/** A CA, a certificate for 127.0.0.1 and their files in memory. For tests only. */
export interface TestingTls {
  readonly tls: TlsFiles
  readonly files: { readText(path: string): Promise<string | null> }
  readonly material: { readonly ca: string; readonly cert: string; readonly key: string }
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const VALIDITY = { notBefore: new Date(Date.now() - 60_000), notAfter: new Date(Date.now() + 3_600_000) }

export async function testingTls(): Promise<TestingTls> {
  const caKeys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=testing CA',
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [new BasicConstraintsExtension(true, 0, true)],
    ...VALIDITY,
  })
  const leaf = await X509CertificateGenerator.create({
    subject: 'CN=pg-main-1',
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
    ...VALIDITY,
  })
  const der = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  const key = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(der).toString('base64')}\n-----END PRIVATE KEY-----\n`
  const material = { ca: ca.toString('pem'), cert: leaf.toString('pem'), key }
  const texts = new Map([
    ['/ca', material.ca],
    ['/cert', material.cert],
    ['/key', material.key],
  ])
  return {
    tls: { caPath: '/ca', certPath: '/cert', keyPath: '/key' },
    files: { readText: async path => texts.get(path) ?? null },
    material,
  }
}

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void

/** A real HTTPS server on a free port of loopback that insists on a client certificate of the same CA. */
export async function testingServer(
  { material }: TestingTls,
  answer: Answer,
): Promise<AsyncDisposable & { readonly url: string; readonly server: Server }> {
  const options = { ...material, requestCert: true, rejectUnauthorized: true }
  const server = createServer(options, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => answer(request, response, Buffer.concat(chunks).toString('utf8')))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `https://127.0.0.1:${port}`, server, [Symbol.asyncDispose]: close }
}
