const VERSION = 'DSSEv1'

/**
 * DSSE v1 pre-authentication encoding: `DSSEv1 SP len(type) SP type SP len(payload) SP payload`, lengths in bytes, ASCII
 * decimal. It binds the type to the payload, so that a signature over one type never counts for another.
 */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, 'utf8')
  const head = Buffer.from(`${VERSION} ${type.byteLength} `)
  return Buffer.concat([head, type, Buffer.from(` ${payload.byteLength} `), payload])
}
