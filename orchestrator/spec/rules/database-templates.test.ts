import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('a database that is copied', () => {
  it('is copied from one that exists', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: a, owner: app, template: bsae }, { name: base, owner: app }, { name: b, owner: app, template: template0 }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].databases[0].template unknown-template: `template` names `bsae`, which is not a database of this cluster → Known: a, base, b, template0, template1.',
    ])
  })

  it('is not copied from itself', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases: [{ name: a, owner: app, template: b }, { name: b, owner: app, template: a }, { name: c, owner: app, template: c }]
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].databases[0].template template-cycle: databases are copied from each other in a circle: a → b → a → Copy one of them from `template1`.',
      '6 clusters[0].databases[2].template template-cycle: databases are copied from each other in a circle: c → c → Copy one of them from `template1`.',
    ])
  })

  it('has the encoding and the locale of its template', () => {
    const file = inCluster(`
      users: [{ name: app }]
      databases:
        - { name: base, owner: app, encoding: LATIN1, locale: C }
        - { name: a, owner: app, template: base }
        - { name: b, owner: app, template: base, encoding: LATIN1, collate: C, ctype: C }
        - { name: c, owner: app, template: template0 }
    `)
    expect(told(file)).toEqual([
      '8 clusters[0].databases[1].template template-locale: a copy has the encoding of its template: `LATIN1` in `base`, `UTF8` here → Give both databases the same, or copy from `template0`.',
      '8 clusters[0].databases[1].template template-locale: a copy has the collate of its template: `C` in `base`, `C.UTF-8` here → Give both databases the same, or copy from `template0`.',
      '8 clusters[0].databases[1].template template-locale: a copy has the ctype of its template: `C` in `base`, `C.UTF-8` here → Give both databases the same, or copy from `template0`.',
    ])
  })
})
