import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LayoutNode__Output } from '../../../../proto/gen/drover/v1/LayoutNode.ts'
import { groupHosts } from './group-hosts.ts'
import { renderGraph } from './render-graph.ts'
import { arrange, type Rectangle } from './svg-geometry.ts'

function host(node: string, more: Partial<LayoutNode__Output> = {}): LayoutNode__Output {
  return { node, labels: {}, voter: '', instances: [], load: { cores: 0.5, memory: 0.25 }, ...more }
}

const someHosts = fc
  .array(
    fc.record({
      zone: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined }),
      rack: fc.option(fc.constantFrom('r1', 'r2', 'r3'), { nil: undefined }),
      instances: fc.integer({ min: 0, max: 6 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map(sketches =>
    sketches.map(({ zone, rack, instances }, index) =>
      host(`node-${index + 1}`, {
        labels: { ...(zone === undefined ? {} : { zone }), ...(rack === undefined ? {} : { rack }) },
        instances: Array.from({ length: instances }, (_, number) => ({
          instance: `pg-${number}-${index}`,
          cluster: `pg-${number}`,
          purpose: 'standby',
        })),
      }),
    ),
  )

describe('the picture of a placement', () => {
  it('shows every host once, and nothing over another', () => {
    fc.assert(
      fc.property(someHosts, hosts => {
        const { width, height, shapes } = arrange(groupHosts(hosts, []))
        const cards = shapes.flatMap(shape => (shape.kind === 'host' ? [shape] : []))
        expect(cards.map(card => card.host.node).sort()).toEqual(hosts.map(({ node }) => node).sort())
        for (const [index, card] of cards.entries()) {
          expect(contains({ x: 0, y: 0, width, height }, card.at)).toBe(true)
          for (const other of cards.slice(index + 1)) expect(overlap(card.at, other.at)).toBe(false)
        }
        const domains = shapes.flatMap(shape => (shape.kind === 'domain' ? [shape] : []))
        for (const { at } of domains)
          for (const other of shapes)
            expect(contains(at, other.at) || contains(other.at, at) || !overlap(at, other.at)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('is well-formed whatever a label says', () => {
    const svg = renderGraph('svg', { levels: [], nodes: [host('a', { labels: { zone: '<b>&"c"' } }), host('b')] })
    expect(svg).toContain('zone &lt;b&gt;&amp;&quot;c&quot;')
    expect(unclosed(svg)).toEqual([])
  })

  it('keeps both ends of a long name, and the whole one for whoever points at it', () => {
    const instance = 'pg-analytics-warehouse-of-everything-12'
    const svg = renderGraph('svg', {
      levels: [],
      nodes: [host('a', { instances: [{ instance, cluster: 'pg', purpose: 'primary' }] })],
    })
    expect(svg).toMatch(/<title>pg-analytics-warehouse-of-everything-12<\/title>pg-analytics\S*…\S*ing-12</)
  })

  it('names hosts without the domain that all of them share', () => {
    const svg = renderGraph('svg', { levels: [], nodes: [host('db-1.example.com'), host('db-2.example.com')] })
    expect(svg).toContain('>db-1<')
    expect(svg).not.toContain('example.com')
    expect(renderGraph('svg', { levels: [], nodes: [host('db.a.example'), host('db.b.example')] })).toContain(
      '>db.a.example<',
    )
  })

  it('boxes hosts by the labels that the fleet spreads over', () => {
    const nodes = [host('a', { labels: { dc: 'x', zone: 'z' } }), host('b', { labels: { dc: 'y', zone: 'z' } })]
    const mermaid = renderGraph('mermaid', { levels: ['dc'], nodes })
    expect(mermaid).toContain('["dc x"]')
    expect(mermaid).toContain('["dc y"]')
    expect(mermaid).not.toContain('zone z')
  })

  it('tells the leader of a standby cluster from a primary, and shows who follows it', () => {
    const instances = [
      { instance: 'copy-1', cluster: 'copy', purpose: 'standby-leader' },
      { instance: 'copy-2', cluster: 'copy', purpose: 'standby' },
    ]
    const nodes = [host('a', { instances: instances.slice(0, 1) }), host('b', { instances: instances.slice(1) })]
    const mermaid = renderGraph('mermaid', { levels: [], nodes })
    expect(mermaid).toContain('i0["copy-1<br/>standby-leader"]:::standby_leader')
    expect(mermaid).toContain('i0 --> i1')
    expect(renderGraph('svg', { levels: [], nodes })).toMatch(/fill="#3f7fbf"[^]*>standby-leader</)
  })

  it('is the same for the same placement', () => {
    const nodes = [host('node-2', { labels: { zone: 'b' } }), host('node-1', { labels: { zone: 'a' } })]
    expect(renderGraph('svg', { levels: [], nodes })).toBe(
      renderGraph('svg', { levels: [], nodes: nodes.toReversed() }),
    )
  })
})

describe('the same as a Mermaid flowchart', () => {
  it('nests domains, hosts and instances, and shows who follows whom', () => {
    const nodes = [
      host('node-1', {
        labels: { zone: 'a' },
        voter: 'etcd-1',
        instances: [{ instance: 'pg-1', cluster: 'pg', purpose: 'primary' }],
      }),
      host('node-2', { labels: { zone: 'b' }, instances: [{ instance: 'pg-2', cluster: 'pg', purpose: 'standby' }] }),
      host('node-3', { load: null }),
    ]
    expect(renderGraph('mermaid', { levels: [], nodes })).toMatchInlineSnapshot(`
      "flowchart TB
        subgraph b2["zone a"]
          subgraph b1["node-1<br/>cores 50 %, memory 25 %<br/>votes as etcd-1"]
            i0["pg-1<br/>primary"]:::primary
          end
        end
        subgraph b4["zone b"]
          subgraph b3["node-2<br/>cores 50 %, memory 25 %"]
            i1["pg-2<br/>standby"]:::standby
          end
        end
        subgraph b6["without zone"]
          b5["node-3"]
        end
        i0 --> i1
        classDef primary fill:#0b5cad,color:#ffffff,stroke:#57606a
        classDef standby_leader fill:#3f7fbf,color:#ffffff,stroke:#57606a
        classDef standby fill:#a9d1f7,color:#0a2540,stroke:#57606a
        classDef replica fill:#bfe5c8,color:#0f3d1e,stroke:#57606a
        classDef offline fill:#e3d3f2,color:#3b1d5a,stroke:#57606a
        classDef delayed fill:#fbdca6,color:#4d3300,stroke:#57606a
      "
    `)
  })
})

function overlap(left: Rectangle, right: Rectangle): boolean {
  return (
    left.x < right.x + right.width &&
    right.x < left.x + left.width &&
    left.y < right.y + right.height &&
    right.y < left.y + left.height
  )
}

function contains(outer: Rectangle, inner: Rectangle): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  )
}

/** Tags that are opened and not closed in their order. */
function unclosed(xml: string): readonly string[] {
  const open: string[] = []
  for (const [, closing, name = '', own] of xml.matchAll(/<(\/?)([a-z]+)(?:\s+[a-zA-Z:-]+="[^"<&]*")*\s*(\/?)>/g)) {
    if (closing === '/') expect(open.pop()).toBe(name)
    else if (own !== '/') open.push(name)
  }
  expect(xml.replaceAll(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
  return open
}
