import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createTlsClient } from '../observe/mutual-tls.ts'
import { createPatroniConfigure, mergePatch } from './patroni-configure.ts'

const tls = await testingTls()

/** Patroni's /config: a document, patched in place. */
async function patroni(config: object, status = 200) {
  const state = { config: config as unknown, patches: 0 }
  const server = await testingServer(tls, (request, response, body) => {
    if (request.method === 'PATCH' && status === 200) {
      state.patches += 1
      state.config = mergePatch(state.config, JSON.parse(body))
    }
    response.statusCode = status
    response.end(status === 200 ? JSON.stringify(state.config) : 'no leader')
  })
  return { server, state }
}

function configure(patroniUrl: string, patch: Readonly<Record<string, unknown>>) {
  const client = createTlsClient({ files: tls.files, now: Date.now })
  const args = { instance: 'pg-main-1', patroniUrl, ...tls.tls, patch }
  const call = { args, signal: new AbortController().signal, progress: () => undefined }
  return createPatroniConfigure({ client })(call).finally(() => client.close())
}

describe('patroni.configure', () => {
  it('patches what differs, once', async () => {
    const { server, state } = await patroni({
      loop_wait: 1,
      postgresql: { parameters: { work_mem: '4MB', jit: 'on' } },
    })
    await using _ = server
    const patch = { loop_wait: 5, postgresql: { parameters: { jit: null } } }
    expect(await configure(server.url, patch)).toEqual({ changed: true })
    expect(await configure(server.url, patch)).toEqual({ changed: false })
    expect(state).toEqual({ patches: 1, config: { loop_wait: 5, postgresql: { parameters: { work_mem: '4MB' } } } })
  })

  it('passes on Patroni’s refusal', async () => {
    const { server } = await patroni({}, 503)
    await using _ = server
    await expect(configure(server.url, { ttl: 20 })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'Patroni of pg-main-1 answered 503 to GET /config: no leader',
    })
  })

  it('says that nobody is there', async () => {
    const { server } = await patroni({})
    const { url } = server
    await server[Symbol.asyncDispose]()
    await expect(configure(url, {})).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('a JSON merge patch', () => {
  it('applied twice is applied once', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
        const once = mergePatch(target, patch)
        expect(mergePatch(once, patch)).toEqual(once)
      }),
    )
  })
})
