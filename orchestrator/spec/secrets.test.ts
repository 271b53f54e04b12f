import { describe, expect, it } from 'vitest'
import { parseSpec } from './parse-spec.ts'
import { inCluster, told } from './testing-file.ts'

const VERIFIER =
  'SCRAM-SHA-256$4096:TVtUYY98Bem8NvmV2TFFjg==$Nuz7MVTbb1vZCOScJFP/fH4NvEe9FuB/c/kuCgCFgBY=:9AkG04n9WO78lXBvgVrphZ+WxtzFXmrjCrVF0QIyCvc='

describe('a password in a fleet file', () => {
  it('is the verifier that PostgreSQL stores', () => {
    expect(parseSpec(withPassword(VERIFIER), 'fleet.yml')).toMatchObject({
      problems: [],
      spec: { clusters: [{ users: [{ name: 'app', password: VERIFIER }] }] },
    })
  })

  it('is refused with advice when it is anything else', () => {
    expect(told(withPassword('hunter2'))).toEqual([
      '7 clusters[0].users[0].password bad-verifier: must be a SCRAM-SHA-256 verifier as PostgreSQL stores it, never a plain password → Take it from `pg_authid.rolpassword` of the server that has the user; without `password` Drover generates one.',
    ])
  })

  it.each([
    'hunter2',
    '"hunter2"',
    '"hunter2',
    '4711',
    'md5hunter2',
    `${VERIFIER}hunter2`,
    'SCRAM-SHA-256$4096:hunter2',
    '[hunter2]',
    '{ hunter2: 1 }',
    'hunter2: hunter2',
    '*hunter2',
    '&hunter2',
    '!hunter2',
    '!hunter2 x',
    '%hunter2',
    '@hunter2',
    '`hunter2',
    '|hunter2',
    '>hunter2',
  ])('is never shown: %s', text => {
    const result = parseSpec(withPassword(text), 'fleet.yml')
    expect(result).not.toHaveProperty('spec')
    expect(JSON.stringify(result)).not.toMatch(/hunter2|4711|TVtUYY98|Nuz7MVTb|9AkG04n9/)
    expect(JSON.stringify(result)).toMatch(/"line":[78]\b/)
  })

  it.each([`CREATE ROLE r PASSWORD 'hunter2';${' '.repeat(70_000)}`, '\\i hunter2', 4711])(
    'is not shown when it stands in a baseline that is refused: %.40s',
    baseline => {
      const lines = told(
        inCluster(`
      users: [{ name: app }]
      databases:
        - name: app
          owner: app
          baseline: ${JSON.stringify(baseline)}
        `),
      )
      expect(lines).toHaveLength(1)
      expect(lines.join()).not.toMatch(/hunter2|4711/)
    },
  )
})

function withPassword(text: string): string {
  return inCluster(`
      users:
        - name: app
          password: ${text}
  `)
}
