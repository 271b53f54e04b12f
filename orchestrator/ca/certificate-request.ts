import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'
import { Pkcs10CertificateRequest } from './x509.ts'

const MAX_CSR_BYTES = 16 * 1024
const MAX_RSA_BITS = 8192

/** Digest for each signature algorithm a request may use; null where the algorithm has its own. */
const DIGESTS: Readonly<Record<string, string | null>> = {
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** A PKCS#10 request whose sender holds the private key. Names in it are wishes: the issuer decides what to certify. */
export interface CertificateRequest {
  /** SPKI DER. */
  readonly publicKey: Buffer
}

/** Throws `invalid` for anything that is no well-signed request with a P-256, P-384, Ed25519 or RSA (2048 to 8192 bit) key. */
export function readCertificateRequest(der: Uint8Array): CertificateRequest {
  if (der.byteLength > MAX_CSR_BYTES) throw invalid(`${der.byteLength} bytes are too many`)
  const bytes = Buffer.from(der)
  let request: Pkcs10CertificateRequest
  let key: KeyObject
  try {
    request = new Pkcs10CertificateRequest(bytes)
    key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' })
  } catch (error) {
    throw invalid('it is no PKCS#10 DER', error)
  }
  checkKey(key)
  if (!isSelfSigned({ request, bytes, key })) throw invalid('its signature does not match its key')
  return { publicKey: key.export({ type: 'spki', format: 'der' }) }
}

function checkKey(key: KeyObject): void {
  const { namedCurve, modulusLength = 0 } = key.asymmetricKeyDetails ?? {}
  const type = key.asymmetricKeyType
  if (type === 'ed25519') return
  if (type === 'ec') {
    if (namedCurve !== 'prime256v1' && namedCurve !== 'secp384r1')
      throw invalid(`curve ${namedCurve} is not taken: use P-256 or P-384`)
  } else if (type === 'rsa') {
    if (modulusLength < 2048 || modulusLength > MAX_RSA_BITS)
      throw invalid(`an RSA key of ${modulusLength} bits is not taken: use 2048 to ${MAX_RSA_BITS}`)
  } else {
    throw invalid(`${type} keys are not taken`)
  }
}

function isSelfSigned(parts: {
  readonly request: Pkcs10CertificateRequest
  readonly bytes: Buffer
  readonly key: KeyObject
}): boolean {
  const { request, bytes, key } = parts
  const digest = key.asymmetricKeyType === 'ed25519' ? null : DIGESTS[request.signatureAlgorithm.hash?.name ?? '']
  if (digest === undefined) return false
  try {
    return verify(digest, signedPart(bytes), key, Buffer.from(request.signature))
  } catch {
    return false
  }
}

/** The first element inside the outer sequence, header included: the very bytes that were signed. */
function signedPart(bytes: Buffer): Buffer {
  const { bodyAt } = header(bytes, 0)
  const { end } = header(bytes, bodyAt)
  return bytes.subarray(bodyAt, end)
}

function header(bytes: Buffer, at: number): { readonly bodyAt: number; readonly end: number } {
  const first = bytes.readUInt8(at + 1)
  if (first < 0x80) return { bodyAt: at + 2, end: at + 2 + first }
  const width = first & 0x7f
  const length = bytes.readUIntBE(at + 2, width)
  return { bodyAt: at + 2 + width, end: at + 2 + width + length }
}

function invalid(why: string, cause?: unknown): DroverError {
  return new DroverError('invalid', `the certificate request is refused: ${why}`, cause === undefined ? {} : { cause })
}
