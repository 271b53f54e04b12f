import { array, assert, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AUDIT_GENESIS, type AuditHead, type AuditLink, appendAudit, findAuditBreak } from './audit-chain.ts'

const records = ['one', 'two', 'three', 'four', 'five']

describe('an audit chain', () => {
  it('is whole as it was written, from the start and from any head', () => {
    assert(
      property(array(string()), texts => {
        const links = chain(texts)
        expect(findAuditBreak(links)).toBeNull()
        const middle = links[Math.floor(links.length / 2)]
        if (middle !== undefined) expect(findAuditBreak(links.slice(middle.index), middle)).toBeNull()
      }),
    )
  })

  it('shows where a record was altered', () => {
    const links = chain(records).map(link => (link.index === 3 ? { ...link, record: 'thr3e' } : link))
    expect(findAuditBreak(links)).toEqual({ index: 3, why: 'altered' })
  })

  it('shows where a record was altered and its own hash mended', () => {
    const links = chain(records)
    const forged = appendAudit(links[1] ?? AUDIT_GENESIS, 'thr3e')
    expect(findAuditBreak(links.map(link => (link.index === 3 ? forged : link)))).toEqual({ index: 4, why: 'unlinked' })
  })

  it('shows a missing, a repeated and a foreign record', () => {
    const links = chain(records)
    expect(findAuditBreak(links.filter(link => link.index !== 2))).toEqual({ index: 2, why: 'missing' })
    expect(findAuditBreak([...links.slice(0, 2), ...links.slice(1)])).toEqual({ index: 3, why: 'reordered' })
    expect(findAuditBreak(chain(['other', ...records]).slice(1), links[0])).toEqual({ index: 2, why: 'unlinked' })
  })

  it('does not confuse records whose texts run together', () => {
    const [one] = chain(['ab', 'c'])
    const [other] = chain(['a', 'bc'])
    expect(one?.hash).not.toBe(other?.hash)
  })
})

function chain(texts: readonly string[]): AuditLink[] {
  let head: AuditHead = AUDIT_GENESIS
  return texts.map(text => {
    const link = appendAudit(head, text)
    head = link
    return link
  })
}
