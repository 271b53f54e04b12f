import { createHash } from 'node:crypto'

/** A record of an append-only chain: hash = SHA256(previous hash ‖ length as 8 bytes big-endian ‖ record bytes). */
export interface AuditLink {
  /** Starts at 1, rises by one. */
  readonly index: number
  /** Hex. */
  readonly previousHash: string
  readonly hash: string
  /** UTF-8 text, usually JSON; never encoded again. */
  readonly record: string
}

export type AuditHead = Pick<AuditLink, 'index' | 'hash'>

/** The head of an empty chain. */
export const AUDIT_GENESIS: AuditHead = { index: 0, hash: '0'.repeat(64) }

export interface AuditBreak {
  /** The first index that is wrong or missing. */
  readonly index: number
  readonly why: 'missing' | 'reordered' | 'altered' | 'unlinked'
}

export function appendAudit(head: AuditHead, record: string): AuditLink {
  return { index: head.index + 1, previousHash: head.hash, hash: linkHash(head.hash, record), record }
}

/** The first break after `head`, or null when every link follows from it. */
export function findAuditBreak(links: Iterable<AuditLink>, head: AuditHead = AUDIT_GENESIS): AuditBreak | null {
  let previous = head
  for (const link of links) {
    const index = previous.index + 1
    if (link.index !== index) return { index, why: link.index > index ? 'missing' : 'reordered' }
    if (link.previousHash !== previous.hash) return { index, why: 'unlinked' }
    if (link.hash !== linkHash(previous.hash, link.record)) return { index, why: 'altered' }
    previous = link
  }
  return null
}

function linkHash(previousHash: string, record: string): string {
  const bytes = Buffer.from(record, 'utf8')
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(bytes.byteLength))
  return createHash('sha256').update(Buffer.from(previousHash, 'hex')).update(length).update(bytes).digest('hex')
}
