import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { contextsPath, resolveEndpoint } from './context.ts'

describe('the orchestrator that a command talks to', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'drover-context-'))
  })
  afterEach(() => rmSync(home, { recursive: true }))

  it('is the local one unless something says otherwise', () => {
    expect(resolveEndpoint({}, { HOME: home })).toEqual({ kind: 'socket', path: '/run/drover/drover.sock' })
  })

  it('is chosen by flag before environment before file', () => {
    contexts({
      current: 'lab',
      contexts: { lab: { kind: 'socket', path: '/lab.sock' }, far: { kind: 'socket', path: '/far.sock' } },
    })
    const environment = { HOME: home, DROVER_SOCKET: '/env.sock' }
    expect(resolveEndpoint({}, { HOME: home })).toMatchObject({ path: '/lab.sock' })
    expect(resolveEndpoint({}, environment)).toMatchObject({ path: '/env.sock' })
    expect(resolveEndpoint({ context: 'far' }, environment)).toMatchObject({ path: '/far.sock' })
    expect(resolveEndpoint({ socket: '/flag.sock', context: 'far' }, environment)).toMatchObject({ path: '/flag.sock' })
  })

  it('is refused clearly when its name is unknown or the file is broken', () => {
    contexts({ current: 'lab', contexts: {} })
    expect(() => resolveEndpoint({}, { HOME: home })).toThrow('there is no context lab')
    writeFileSync(contextsPath({ HOME: home }), '{')
    expect(() => resolveEndpoint({}, { HOME: home })).toThrow('is not readable as JSON')
  })

  function contexts(file: unknown): void {
    const path = contextsPath({ HOME: home })
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, JSON.stringify(file))
  }
})
