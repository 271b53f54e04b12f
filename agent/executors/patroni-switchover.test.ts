import { describe, expect, it } from 'vitest'
import { testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createTlsClient } from '../observe/mutual-tls.ts'
import { createPatroniSwitchover } from './patroni-switchover.ts'

const tls = await testingTls()

describe('patroni.switchover', () => {
  it('names leader and candidate, and passes on what Patroni says', async () => {
    const asked: unknown[] = []
    await using server = await testingServer(tls, (request, response, body) => {
      asked.push(`${request.method} ${request.url}`, JSON.parse(body))
      response.end('Successfully switched over to "pg-main-2"')
    })
    expect(await handOver(server.url)).toEqual({ message: 'Successfully switched over to "pg-main-2"' })
    expect(asked).toEqual(['POST /switchover', { leader: 'pg-main-1', candidate: 'pg-main-2' }])
  })

  it('is not tried again when Patroni refuses, and says why', async () => {
    await using server = await testingServer(tls, (_, response) => {
      response.statusCode = 412
      response.end('candidate name does not match with sync_standby')
    })
    await expect(handOver(server.url)).rejects.toMatchObject({
      code: 'conflict',
      retryable: false,
      message: 'Patroni of pg-main-1 refused: candidate name does not match with sync_standby',
    })
  })
})

function handOver(patroniUrl: string) {
  const client = createTlsClient({ files: tls.files, now: Date.now })
  const args = { instance: 'pg-main-1', candidate: 'pg-main-2', patroniUrl, ...tls.tls }
  const call = { args, signal: new AbortController().signal, progress: () => undefined }
  return createPatroniSwitchover({ client })(call).finally(() => client.close())
}
