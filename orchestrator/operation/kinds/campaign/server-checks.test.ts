import { describe, expect, it } from 'vitest'
import type { UpgradeLook } from '../../../../shared/domain/upgrade-look.ts'
import type { ServerAnswer } from './ask-servers.ts'
import { serverChecks } from './server-checks.ts'
import { trialChecks } from './trial-checks.ts'

const QUIET: UpgradeLook = { clients: [], collations: {}, extensions: [], outputPlugins: [] }

function answer(look: Partial<UpgradeLook>, leads = true): ServerAnswer {
  return { instance: leads ? 'pg-main-1' : 'pg-main-2', leads, look: { ...QUIET, ...look } }
}

function said(answers: readonly ServerAnswer[], delayed: readonly string[] = []): readonly string[] {
  const versions = { from: ['17.12'], to: '17.12' }
  return serverChecks(answers, { versions, notes: [], delayed: new Set(delayed) }).map(
    ({ what, grade, detail }) => `${grade} ${what}: ${detail}`,
  )
}

describe('what servers say before an upgrade', () => {
  it('is nothing when all is quiet', () => {
    expect(
      said([answer({ archive: { failing: false, waitingFiles: 0 } }), answer({ replayLagMs: 200 }, false)]),
    ).toEqual([])
  })

  it('warns of a long transaction of the primary, and refuses for one that nobody would wait for', () => {
    const open = (ageMs: number) => ({
      oldestTransaction: { ageMs, user: 'app', database: 'shop', application: 'report', state: 'active' },
    })
    expect(said([answer(open(30_000))])).toEqual([
      'warn member pg-main-1: a transaction of app in shop (report) has been open for 30 s, active: no switchover begins while one is older than 10 s',
    ])
    expect(said([answer(open(2 * 3_600_000))])[0]).toMatch(/^refuse member pg-main-1: .* 120 minutes/)
    expect(said([answer(open(30_000), false)])).toEqual([])
  })

  it('tells members that are behind, but not those that are so on purpose', () => {
    expect(said([answer({ replayLagMs: 30_000 }, false)])[0]).toMatch('warn member pg-main-2: it is 30 s behind')
    expect(said([answer({ replayLagMs: 3_600_000 }, false)])[0]).toMatch('refuse')
    expect(said([answer({ replayLagMs: 3_600_000 }, false)], ['pg-main-2'])).toEqual([])
  })

  it('refuses while the archiver fails, and warns while it is behind', () => {
    const archive = { failing: true, waitingFiles: 3, oldestWaitingSeconds: 20 }
    expect(said([answer({ archive })])).toEqual([
      'refuse member pg-main-1: its archiver fails, and a primary does not stop before: 3 WAL files wait, the oldest for 20 s',
    ])
    expect(said([answer({ archive: { ...archive, failing: false, oldestWaitingSeconds: 900 } })])[0]).toMatch('warn')
  })

  it('is missing of a member that cannot be asked: refused when it does not answer, told when it may not', () => {
    const silent = (code: 'timeout' | 'denied'): ServerAnswer => ({
      instance: 'pg-main-1',
      leads: true,
      silent: { code, message: 'no answer' },
    })
    expect(said([silent('timeout')])).toEqual(['refuse member pg-main-1: it could not be asked: no answer'])
    expect(said([silent('denied')])[0]).toMatch(/^warn/)
  })
})

describe('what releases on the way ask for', () => {
  const notes = (look: Partial<UpgradeLook>, to = '17.11') =>
    serverChecks([answer(look)], {
      versions: { from: ['17.11', '17.9'], to },
      notes: [],
      delayed: new Set(),
    }).map(({ what, detail }) => `${what}: ${detail}`)

  it('is told where it concerns a cluster only', () => {
    expect(notes({})).toEqual([])
    expect(notes({ extensions: [{ database: 'app', name: 'ltree', version: '1.2' }] })).toEqual([
      expect.stringMatching(/^release 17\.11: reindex: .*ltree.*\(https:/),
    ])
    expect(notes({ outputPlugins: ['pgoutput'] })).toEqual([])
    expect(notes({ outputPlugins: ['pgoutput', 'wal2json'] })).toEqual([
      expect.stringMatching(/^release 17\.11: configure: .*output_plugin_libraries/),
    ])
  })

  it('is said not to be known of a release that came after this version of Drover', () => {
    expect(notes({}, '17.13')).toContainEqual(expect.stringMatching(/^release 17\.13: .* read its notes \(https:/))
  })
})

describe('what a trial says', () => {
  const trial = {
    serverVersion: '17.12',
    extensions: {},
    available: { vector: '0.8.1', pg_trgm: '1.6' },
    collations: { icu: '153.120', libc: '2.41' },
    sizeBytes: 1,
    tookMs: 1,
  }
  const judged = (look: Partial<UpgradeLook>, outcome: typeof trial | { refused: string } = trial) =>
    trialChecks('pg-main', {
      trials: [
        { nodeId: 'n1', clusters: ['pg-main'], trial: outcome },
        { nodeId: 'n2', clusters: ['pg-other'], trial: { refused: 'of no concern' } },
      ],
      answers: [answer(look)],
      nodeNames: new Map([['n1', 'node-1']]),
    }).map(({ what, grade, detail }) => `${grade} ${what}: ${detail}`)

  it('refuses what does not work there', () => {
    expect(judged({}, { refused: 'could not load library' })).toEqual(['refuse node node-1: could not load library'])
  })

  it('refuses a version that would sort text otherwise than the server that runs', () => {
    expect(judged({ collations: { icu: '153.120', libc: '2.41' } })).toEqual([])
    expect(judged({ collations: { icu: '153.112' } })[0]).toMatch(
      /^refuse node node-1: .*ICU's rules of version 153\.120/,
    )
  })

  it('refuses a version without an extension that a database has, and tells what is to be updated', () => {
    const extensions = [
      { database: 'app', name: 'vector', version: '0.8.0' },
      { database: 'app', name: 'pg_trgm', version: '1.6' },
      { database: 'app', name: 'byhand', version: '2' },
    ]
    expect(judged({ extensions })).toEqual([
      expect.stringMatching(/^refuse node node-1: extension byhand of app is not among the packages/),
      expect.stringMatching(/^warn extension: vector is 0\.8\.0 in app, the version has 0\.8\.1/),
    ])
  })
})
