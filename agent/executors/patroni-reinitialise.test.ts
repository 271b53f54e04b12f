import { describe, expect, it } from 'vitest'
import { testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createTlsClient } from '../observe/mutual-tls.ts'
import { createPatroniReinitialise } from './patroni-reinitialise.ts'

const tls = await testingTls()

describe('patroni.reinitialise', () => {
  it('answers once the old server is down', async () => {
    const states = ['running', 'running', 'stopped']
    const asked: string[] = []
    await using server = await testingServer(tls, (request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end(request.method === 'POST' ? 'reinitialize started' : `{"state": "${states.shift() ?? 'stopped'}"}`)
    })
    expect(await reinitialise(server.url)).toEqual({ message: 'reinitialize started' })
    expect(asked).toEqual(['POST /reinitialize', 'GET /patroni', 'GET /patroni', 'GET /patroni'])
  })

  it('goes on with one that is under way', async () => {
    await using server = await testingServer(tls, (request, response) => {
      response.statusCode = request.method === 'POST' ? 503 : 200
      response.end(request.method === 'POST' ? 'reinitialize already in progress' : '{"state": "creating replica"}')
    })
    expect(await reinitialise(server.url)).toEqual({ message: 'reinitialize already in progress' })
  })

  it('says why Patroni refuses', async () => {
    await using server = await testingServer(tls, (_, response) => {
      response.statusCode = 503
      response.end('I am the leader, can not reinitialize')
    })
    await expect(reinitialise(server.url)).rejects.toMatchObject({
      code: 'conflict',
      retryable: false,
      message: 'Patroni of pg-main-1 refused: I am the leader, can not reinitialize',
    })
  })
})

function reinitialise(patroniUrl: string) {
  const client = createTlsClient({ files: tls.files, now: Date.now })
  const args = { instance: 'pg-main-1', patroniUrl, ...tls.tls }
  const call = { args, signal: new AbortController().signal, progress: () => undefined }
  return createPatroniReinitialise({ client, monotonic: () => performance.now() })(call).finally(() => client.close())
}
