import { describe, expect, it } from 'vitest'
import type { Upgrade__Output } from '../../../../proto/gen/drover/v1/Upgrade.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import { watchUpgrade } from './watch-upgrade.ts'

const UPGRADE: Upgrade__Output = {
  operationId: 'op-1',
  of: 'clusters',
  state: 'running',
  subject: '1 clusters',
  createdAtMs: 0,
  nowMs: 1000,
  waves: [{ name: 'canary' }],
  clusters: [],
  failure: null,
}

/** A terminal, and an orchestrator that answers one after the other. */
function world(answers: readonly (Upgrade__Output | DroverError)[]) {
  const left = [...answers]
  const asked: string[] = []
  const shown: string[] = []
  let code = 0
  const output = { write: (text: string) => void shown.push(text), interactive: true, color: false, columns: 80 }
  const cli = {
    terminal: { out: output, err: { ...output, write: () => undefined } },
    signal: new AbortController().signal,
    environment: {},
    connect: () => Promise.reject(new Error('not here')),
    readFile: () => Promise.reject(new Error('not here')),
    writeFile: () => Promise.reject(new Error('not here')),
    setExitCode: (given: number) => void (code = given),
  }
  const api = {
    ShowUpgrade: ({ operationId = '' }: { operationId?: string }) => {
      asked.push(operationId)
      const next = left.shift()
      return next instanceof DroverError || next === undefined
        ? Promise.reject(next ?? new Error('asked too often'))
        : Promise.resolve(next)
    },
  }
  return { cli, api, asked, shown, code: () => code }
}

describe('an upgrade that is watched on a terminal', () => {
  it('is redrawn until it ends, whichever comes after it, over an orchestrator that restarts', async () => {
    const away = new DroverError('unavailable', 'nobody there')
    const { cli, api, asked, shown, code } = world([UPGRADE, away, { ...UPGRADE, state: 'done' }])
    await watchUpgrade(cli, api)
    expect(asked).toEqual(['', 'op-1', 'op-1'])
    expect(shown).toHaveLength(2)
    expect(shown[1]?.startsWith('\u001b[H\u001b[Jupgrade op-1  1 clusters  done')).toBe(true)
    expect(code()).toBe(0)
  })

  it('ends with 3 when the upgrade failed', async () => {
    const { cli, api, code } = world([{ ...UPGRADE, state: 'failed' }])
    await watchUpgrade(cli, api)
    expect(code()).toBe(3)
  })
})
