import { describe, expect, it } from 'vitest'
import type { PlanDraft } from '../../orchestrator/plan/plan.ts'
import type { Snapshot } from '../../shared/domain/snapshot.ts'
import { afterSteps, planned, refused, specOf, stepLines } from '../support/plan-runner.ts'
import { aSnapshot, nodes, offered } from '../support/snapshot-builder.ts'

const packages = { debian13: { ...offered(17), 'postgresql-17-cron': '1.6.7-2', 'postgresql-17-pgvector': '0.8.0-1' } }
const fleet = aSnapshot({ nodes: nodes(3), packages })

function spec(extensions = '', more = '') {
  return specOf(
    `  - name: pg-main\n    users: [{ name: app }${more}]\n    databases: [{ name: app, owner: app, schemas: [sales], extensions: [${extensions}] }]`,
  )
}

const running = afterSteps(fleet, planned(spec(), fleet))

/** What an apply without permission to restart leaves behind: members that wait for one. */
function pending(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    nodes: snapshot.nodes.map(node =>
      node.observation === undefined
        ? node
        : {
            ...node,
            observation: {
              ...node.observation,
              instances: node.observation.instances.map(each => ({ ...each, pendingRestart: true })),
            },
          },
    ),
  }
}

function phaseNames(draft: PlanDraft): readonly string[] {
  return draft.phases.map(({ name }) => name)
}

function provisioned(draft: PlanDraft): readonly string[] {
  return draft.phases.flatMap(({ steps }) =>
    steps.flatMap(step =>
      step.kind === 'provision'
        ? Object.values(step.byInstance)
            .slice(0, 1)
            .flatMap(({ args }) => args.databases.flatMap(({ extensions }) => extensions.map(({ name }) => name)))
        : [],
    ),
  )
}

function codes(draft: PlanDraft): readonly string[] {
  return draft.problems.map(({ code }) => code)
}

describe('an extension whose library is loaded at a start', () => {
  it('is installed everywhere, named, loaded by a rolling restart and created, in this order, in one apply', () => {
    const draft = planned(spec('pg_cron'), running, { restart: true })
    const lines = stepLines(draft, running)
    const at = (text: string): number => lines.findIndex(line => line.startsWith(text))
    const named = at('name libraries')
    for (const node of ['node-1', 'node-2', 'node-3']) expect(at(`change ${node}`)).toBeLessThan(named)
    expect(at('change node-1')).toBeGreaterThan(-1)
    expect(at('restart pg-main')).toBeGreaterThan(named)
    expect(at('start standbys, provision')).toBeGreaterThan(at('restart pg-main'))
    expect(provisioned(draft)).toEqual(['pg_cron'])
    const early = draft.phases
      .filter(({ name }) => name === 'configure running clusters')
      .flatMap(({ steps }) => JSON.stringify(steps))
    expect(early.join()).not.toContain('pg_cron,')
    expect(early.join()).not.toContain('shared_preload_libraries')
    const done = afterSteps(running, draft)
    expect(planned(spec('pg_cron'), done).changes).toEqual([])
    expect(codes(planned(spec('pg_cron'), done))).toEqual([])
  })

  it('waits without permission to restart, while the rest of the apply goes on', () => {
    const first = planned(spec('pg_cron, vector'), running)
    expect(first.problems).toMatchObject([
      {
        code: 'extension-waits',
        message: 'pg_cron of database app in cluster pg-main waits: pg_cron must be loaded when PostgreSQL starts',
        hint: expect.stringContaining('--restart'),
      },
      { code: 'restart-pending' },
    ])
    expect(provisioned(first)).toEqual(['vector'])
    expect(phaseNames(first)).toContain('name libraries')
    const waiting = pending(afterSteps(running, first))
    const again = planned(spec('pg_cron, vector'), waiting)
    expect([again.changes, codes(again)]).toEqual([[], ['extension-waits']])
  })

  it('is created by the apply after the restart', () => {
    const first = planned(spec('pg_cron'), running)
    const restarted = afterSteps(running, first)
    const second = planned(spec('pg_cron'), restarted)
    expect(provisioned(second)).toEqual(['pg_cron'])
    expect(second.changes).toMatchObject([{ verb: 'update', subject: 'database app' }])
    expect(planned(spec('pg_cron'), afterSteps(restarted, second)).changes).toEqual([])
  })

  it('is neither named nor created while the node of a member cannot be given its package', () => {
    const silent: Snapshot = {
      ...running,
      nodes: running.nodes.map(node => (node.name === 'node-3' ? { ...node, state: 'silent' } : node)),
    }
    const draft = planned(spec('pg_cron, vector'), silent, { restart: true })
    expect(phaseNames(draft)).not.toContain('name libraries')
    expect(provisioned(draft)).toEqual([])
    expect(codes(draft)).toContain('extension-waits')
    const back = {
      ...afterSteps(silent, draft),
      nodes: afterSteps(silent, draft).nodes.map(node => ({ ...node, state: 'ready' as const })),
    }
    const later = planned(spec('pg_cron, vector'), back, { restart: true })
    expect(phaseNames(later)).toContain('name libraries')
    expect(provisioned(later)).toEqual(['pg_cron', 'vector'])
  })

  it('goes on needing its package and its library when it leaves the spec and is kept', () => {
    const has = afterSteps(running, planned(spec('pg_cron'), running, { restart: true }))
    const less = planned(spec(), has)
    expect(less.changes).toMatchObject([{ subject: 'database app' }])
    expect(less.problems.map(({ message }) => message)).toEqual([
      'not in the spec of cluster pg-main any more: extension pg_cron in app (kept)',
    ])
    const libraries = less.settings.find(({ name }) => name === 'shared_preload_libraries')
    expect(libraries?.value).toContain('pg_cron')
  })
})

describe('a library that the file itself names', () => {
  const loading = (more: string) =>
    specOf(`  - name: pg-main\n    parameters: { shared_preload_libraries: 'auto_explain, pg_cron' }\n${more}`)

  it('is refused without the package that brings it, since no server would start', () => {
    expect(refused(loading(''), fleet)).toMatchObject([
      { code: 'library-without-package', hint: expect.stringContaining('packages: [postgresql-17-cron]') },
    ])
    expect(codes(planned(loading('    packages: [postgresql-17-cron]'), fleet))).toEqual([])
  })
})

describe('what left the spec', () => {
  const before = afterSteps(fleet, planned(spec('', ', { name: bob }'), fleet))
  const without = specOf('  - name: pg-main\n    users: [{ name: app }]')

  it('is kept and told of, with every plan, until it is named', () => {
    const draft = planned(without, before)
    const told = ['not in the spec of cluster pg-main any more: database app and user bob (kept)']
    expect(draft.problems.map(({ message }) => message)).toEqual(told)
    const later = planned(without, afterSteps(before, draft))
    expect(later.problems.map(({ message }) => message)).toEqual(told)
    expect([later.changes, later.phases]).toEqual([[], []])
  })

  it('goes out of reach by name, comes back with its data when it is declared again', () => {
    const told = afterSteps(before, planned(without, before))
    const remove = ['database:pg-main/app', 'user:pg-main/bob']
    const away = planned(without, told, { remove, keepMs: 3_600_000 })
    expect(away.changes.map(({ verb, subject, reason, detail }) => `${verb} ${subject} ${reason} ${detail}`)).toEqual([
      'remove database app not-in-spec pg-main: closed and renamed, kept for 1 hours',
      'remove user bob not-in-spec pg-main: no login, kept for 1 hours',
    ])
    expect(stepLines(away, told)).toEqual(['take away in pg-main: hide database:pg-main/app user:pg-main/bob'])
    const gone = afterSteps(told, away)
    expect(gone.allocations.retired).toMatchObject([
      {
        kind: 'database',
        name: 'app',
        hiddenAs: 'drover_removed_app',
        hidden: { at: told.now, dropAfter: told.now + 3_600_000 },
      },
      { kind: 'user', name: 'bob' },
    ])
    expect([planned(without, gone).changes, planned(without, gone).problems]).toEqual([[], []])

    const undone = planned(spec(), gone)
    expect(undone.changes.map(({ verb, subject }) => `${verb} ${subject}`)).toContain('update database app')
    expect(undone.changes.map(({ verb, subject }) => `${verb} ${subject}`)).not.toContain('create database app')
    const lines = stepLines(undone, gone)
    const at = (text: string): number => lines.findIndex(line => line.includes(text))
    expect(at('restore database:pg-main/app')).toBeLessThan(at('provision pg-main'))
    expect(afterSteps(gone, undone).allocations.retired).toMatchObject([{ kind: 'user', name: 'bob' }])
  })

  it('is taken away by the next apply when the one that was to do it was killed', () => {
    const away = planned(without, before, { remove: ['database:pg-main/app'] })
    const killed = { ...afterSteps(before, away, 0) }
    const next = planned(without, killed)
    expect(stepLines(next, killed)).toContain('take away in pg-main: hide database:pg-main/app')
    const back = planned(spec('', ', { name: bob }'), killed)
    expect(stepLines(back, killed).join()).toContain('restore database:pg-main/app')
  })

  it('is dropped when its time is over, and then forgotten', () => {
    const gone = afterSteps(before, planned(without, before, { remove: ['database:pg-main/app'], keepMs: 0 }))
    const drop = planned(without, gone, { erase: { instances: [], objects: ['database:pg-main/app'], early: false } })
    expect(stepLines(drop, gone)).toEqual(['drop in pg-main: drop database:pg-main/app'])
    const dropped = afterSteps(gone, drop)
    const next = planned(without, dropped)
    expect(next.problems.map(({ message }) => message)).toEqual([
      'not in the spec of cluster pg-main any more: user bob (kept)',
    ])
    const last = planned(without, afterSteps(dropped, next))
    expect(last.allocations.retired).toBeUndefined()
    const anew = planned(spec(), dropped)
    expect(anew.changes.map(({ verb, subject }) => `${verb} ${subject}`)).toContain('create database app')
    expect(stepLines(anew, dropped).join()).not.toContain('restore')
  })

  it.each([
    ['declared', 'database:pg-main/app', 'removal-not-in-spec'],
    ['unknown', 'user:pg-main/nobody', 'removal-unknown'],
    ['in no cluster', 'database:pg-none/app', 'removal-unknown'],
    ['no such kind', 'table:pg-main/app', 'removal-unknown'],
  ])('must be named as it was: %s', (_, name, code) => {
    expect(refused(spec('', ', { name: bob }'), before, { remove: [name] })).toMatchObject([{ code }])
  })

  it('goes without a word when there is nothing in it: services, HBA rules, pools', () => {
    const rich = specOf(
      '  - name: pg-main\n    users: [{ name: app }]\n    databases: [{ name: app, owner: app, pool: { size: 7 } }]\n    hba: [{ user: app, database: app, address: 10.9.0.0/16 }]\n    services: [{ name: reports, port: 5499 }]',
    )
    const has = afterSteps(fleet, planned(rich, fleet))
    const plain = specOf('  - name: pg-main\n    users: [{ name: app }]\n    databases: [{ name: app, owner: app }]')
    const draft = planned(plain, has)
    expect(draft.problems).toEqual([])
    const content = JSON.stringify(afterSteps(has, draft).nodes.map(({ manifest }) => manifest))
    expect(content).not.toMatch(/10\.9\.0\.0|reports|pool_size=7/)
  })
})
