import { describe, expect, it } from 'vitest'
import { afterSteps, planned, refused, specOf, stepLines } from '../support/plan-runner.ts'
import { aSnapshot, nodes, offered } from '../support/snapshot-builder.ts'

const three = nodes(3)
const base =
  '  - name: pg-main\n    users: [{ name: app }]\n    databases: [{ name: app, owner: app, baseline: select 1 }]'
const packages = { debian13: { ...offered(17), 'postgresql-17-wal2json': '2.6-3' } }
const snapshot = aSnapshot({ nodes: three, packages })

describe('a running cluster', () => {
  const first = planned(specOf(base), snapshot)
  const running = afterSteps(snapshot, first)

  it.each([
    ['template', '\n    template: { schemas: [monitor] }'],
    ['default privileges', '\n    privileges: [{ to: app, on: tables, grant: [SELECT] }]'],
  ])('is only provisioned when only its %s changed, and then has nothing left to change', (what, more) => {
    const changed = planned(specOf(base + more), running)
    expect(changed.changes.map(({ verb, subject, reason }) => `${verb} ${subject} ${reason}`)).toEqual([
      `update ${what} of pg-main spec-changed`,
    ])
    expect(stepLines(changed, running)).toEqual(['start standbys, provision: provision pg-main'])
    const again = planned(specOf(base + more), afterSteps(running, changed))
    expect([again.changes, again.phases]).toEqual([[], []])
  })

  it('has what is in PostgreSQL’s own database updated, never made, and told of when it leaves the file', () => {
    const own = base.replace('databases: [', 'databases: [{ name: postgres, extensions: [pg_trgm] }, ')
    const verbs = ({ changes }: ReturnType<typeof planned>) =>
      changes.flatMap(({ verb, subject, reason }) =>
        subject.startsWith('database') ? `${verb} ${subject} ${reason}` : [],
      )
    const changed = planned(specOf(own), running)
    expect(verbs(changed)).toEqual(['update database postgres spec-changed'])
    const after = afterSteps(running, changed)
    expect(planned(specOf(own), after).changes).toEqual([])
    expect(planned(specOf(base), after).problems.map(({ message }) => message)).toEqual([
      'not in the spec of cluster pg-main any more: extension pg_trgm in postgres (kept)',
    ])
    expect(verbs(planned(specOf(own), snapshot))).toEqual([
      'update database postgres spec-changed',
      'create database app does-not-exist',
    ])
  })

  it('is told that a changed baseline does not run again', () => {
    const { problems } = planned(specOf(base.replace('select 1', 'select 2')), running)
    expect(problems.map(({ code }) => code)).toContain('baseline-has-run')
  })
})

describe('packages of a cluster', () => {
  const wanted = specOf(`${base}\n    packages: [postgresql-17-wal2json]`)

  it('are pinned on all its members', () => {
    const done = afterSteps(snapshot, planned(wanted, snapshot))
    for (const { manifest } of done.nodes)
      expect(manifest?.packages).toContainEqual({ name: 'postgresql-17-wal2json', version: '2.6-3' })
  })

  it('are refused by name where no source offers them', () => {
    const poorer = aSnapshot({ nodes: three, packages: { debian13: offered(17) } })
    expect(
      refused(wanted, poorer)
        .map(({ message }) => message)
        .join('\n'),
    ).toContain('postgresql-17-wal2json is not on offer for debian13')
  })
})
