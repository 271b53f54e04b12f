import { describe, expect, it } from 'vitest'
import type { NodeFacts } from '../../shared/domain/facts.ts'
import { known } from '../../shared/domain/facts.ts'
import { fixtureHost } from '../../test/support/fixture-host.ts'
import { collectFacts } from './collect-facts.ts'
import { factsHash } from './facts-hash.ts'

const facts = await collectFacts({ host: fixtureHost('bare-metal-nvme-numa'), signal: new AbortController().signal })

describe('the hash of the facts', () => {
  it('does not depend on the order of keys', () => {
    const turned = Object.fromEntries(Object.entries(facts).reverse()) as unknown as NodeFacts
    expect(factsHash(turned)).toBe(factsHash(facts))
  })

  it('stays while free space moves a little, and changes when a good part of the disk is gone', () => {
    expect(factsHash(withFree(0.62))).toBe(factsHash(withFree(0.64)))
    expect(factsHash(withFree(0.62))).not.toBe(factsHash(withFree(0.52)))
  })

  it('stays while huge pages are taken and given back', () => {
    const pages = { sizeBytes: 2097152, total: 1024, free: 3 }
    const busy = { ...facts, memory: { ...facts.memory, hugepages: known(pages, '/proc/meminfo') } }
    expect(factsHash(busy)).toBe(factsHash(facts))
    const more = { ...facts, memory: { ...facts.memory, hugepages: known({ ...pages, total: 2048 }, '/proc/meminfo') } }
    expect(factsHash(more)).not.toBe(factsHash(facts))
  })

  it('changes with a package version and with a fact that became unknown', () => {
    const [first, ...others] = facts.packages
    const upgraded = {
      ...facts,
      packages: [{ name: 'libc6', architecture: 'amd64', ...first, version: '9.9' }, ...others],
    }
    expect(factsHash(upgraded)).not.toBe(factsHash(facts))
    expect(factsHash({ ...facts, kernel: { unknown: 'gone' } })).not.toBe(factsHash(facts))
  })
})

function withFree(share: number): NodeFacts {
  const filesystems = facts.filesystems.map(filesystem => ({
    ...filesystem,
    availableBytes: Math.round(filesystem.sizeBytes * share),
  }))
  return { ...facts, filesystems }
}
