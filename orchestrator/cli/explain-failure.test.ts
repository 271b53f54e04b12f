import { ClientError, Status } from 'nice-grpc'
import { describe, expect, it } from 'vitest'
import { DroverError } from '../../shared/domain/errors.ts'
import { explainFailure, unreadableFile } from './explain-failure.ts'

describe('what went wrong, in words', () => {
  it('names the socket at which nobody answers, and what to do', () => {
    const cause = new ClientError('/drover.v1.Fleet/Status', Status.UNAVAILABLE, 'connect ENOENT /run/x.sock')
    const error = explainFailure(new DroverError('unavailable', 'grpc text', { cause }), () => ({
      kind: 'socket',
      path: '/run/x.sock',
    }))
    expect(error.code).toBe('unavailable')
    expect(error.message).toBe('no orchestrator answers at /run/x.sock')
    expect(error.hint).toContain('drover serve')
  })

  it('leaves alone what the orchestrator itself said', () => {
    const said = new DroverError('unavailable', 'no package source answers')
    expect(explainFailure(said, () => ({ kind: 'socket', path: '/run/x.sock' }))).toBe(said)
  })

  it('says why a file cannot be read', () => {
    const missing = Object.assign(new Error('ENOENT: no such file or directory, open'), { code: 'ENOENT' })
    expect(unreadableFile('fleet.yml', missing).message).toBe('fleet.yml cannot be read: there is no such file')
  })
})
