import { describe, expect, it } from 'vitest'
import { type Answer, testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createTlsClient } from '../observe/mutual-tls.ts'
import { createEtcdForgetScope } from './etcd-forget-scope.ts'

const tls = await testingTls()

/** etcd's gateway over a set of keys. */
function etcd(...start: readonly string[]) {
  let keys = start
  const text = (encoded: string) => Buffer.from(encoded, 'base64').toString()
  const answer: Answer = (request, response, body) => {
    const { key, range_end: end } = JSON.parse(body) as { key: string; range_end?: string }
    const from = text(key)
    const matches = keys.filter(each => (end === undefined ? each === from : each >= from && each < text(end)))
    if (request.url === '/v3/kv/range')
      return response.end(JSON.stringify({ kvs: matches.map(each => ({ key: Buffer.from(each).toString('base64') })) }))
    keys = keys.filter(each => !matches.includes(each))
    return response.end(JSON.stringify({ deleted: String(matches.length) }))
  }
  return { answer, left: () => keys }
}

async function forget(scope: string, clientUrl: string, member?: string) {
  const client = createTlsClient({ files: tls.files, now: Date.now })
  const args = { scope, clientUrl, ...tls.tls, ...(member === undefined ? {} : { member }) }
  const call = { args, signal: new AbortController().signal, progress: () => undefined }
  return createEtcdForgetScope({ client })(call).finally(() => client.close())
}

describe('etcd.forget-scope', () => {
  it('deletes everything of the cluster, and nothing of one whose name begins alike', async () => {
    const fake = etcd('/drover/pg-old/config', '/drover/pg-old/initialize', '/drover/pg-old-2/config', '/other')
    await using server = await testingServer(tls, fake.answer)
    expect(await forget('pg-old', server.url)).toEqual({ deleted: 2 })
    expect(fake.left()).toEqual(['/drover/pg-old-2/config', '/other'])
    expect(await forget('pg-old', server.url)).toEqual({ deleted: 0 })
  })

  it.each(['members/pg-old-1', 'leader'])('is refused while there is %s', async key => {
    const fake = etcd('/drover/pg-old/config', `/drover/pg-old/${key}`)
    await using server = await testingServer(tls, fake.answer)
    await expect(forget('pg-old', server.url)).rejects.toThrow(`Patroni still runs for pg-old: ${key}`)
    expect(fake.left()).toHaveLength(2)
  })

  it('deletes one member alone', async () => {
    const fake = etcd(
      '/drover/pg/leader',
      '/drover/pg/members/pg-1',
      '/drover/pg/members/pg-3',
      '/drover/pg/members/pg-31',
    )
    await using server = await testingServer(tls, fake.answer)
    expect(await forget('pg', server.url, 'pg-3')).toEqual({ deleted: 1 })
    expect(fake.left()).toEqual(['/drover/pg/leader', '/drover/pg/members/pg-1', '/drover/pg/members/pg-31'])
  })

  it('takes nothing but a name for one', async () => {
    const fake = etcd('/drover/pg/config')
    await using server = await testingServer(tls, fake.answer)
    await expect(forget('', server.url)).rejects.toThrow('is no name of a cluster')
    await expect(forget('../other', server.url)).rejects.toThrow('is no name of a cluster')
    expect(fake.left()).toHaveLength(1)
  })
})
