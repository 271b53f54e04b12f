/** The few DER encoders that a certificate request needs (ITU-T X.690); an ASN.1 library would cost the agent megabytes. */
export const der = {
  sequence: (...parts: readonly Uint8Array[]) => tagged(0x30, ...parts),
  set: (...parts: readonly Uint8Array[]) => tagged(0x31, ...parts),
  integer: (value: number) => tagged(0x02, Uint8Array.of(value)),
  oid: (dotted: string) => tagged(0x06, encodeOid(dotted)),
  utf8: (text: string) => tagged(0x0c, Buffer.from(text, 'utf8')),
  octets: (bytes: Uint8Array) => tagged(0x04, bytes),
  /** A bit string of whole bytes. */
  bits: (bytes: Uint8Array) => tagged(0x03, Uint8Array.of(0), bytes),
  /** `[number]` constructed. */
  context: (number: number, ...parts: readonly Uint8Array[]) => tagged(0xa0 | number, ...parts),
  /** `[number] IMPLICIT` primitive. */
  implicit: (number: number, bytes: Uint8Array) => tagged(0x80 | number, bytes),
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts)
  return Buffer.concat([Uint8Array.of(tag), encodeLength(body.length), body])
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff)
  return Uint8Array.of(0x80 | bytes.length, ...bytes)
}

function encodeOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)])
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f]
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80)
  return bytes
}
