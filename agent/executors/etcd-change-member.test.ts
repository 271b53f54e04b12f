import { describe, expect, it } from 'vitest'
import type { EtcdChange } from '../../shared/domain/etcd-command.ts'
import { type Answer, testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createTlsClient } from '../observe/mutual-tls.ts'
import { createEtcdChangeMember } from './etcd-change-member.ts'

const tls = await testingTls()

interface FakeMember {
  readonly ID: string
  readonly name?: string
  readonly peerURLs: readonly string[]
  readonly clientURLs?: readonly string[]
  readonly isLearner?: boolean
}

/** etcd's gateway with a memory: what it answers is cut from etcd 3.5.16. */
function etcd(start: readonly FakeMember[], { lagging = 0 } = {}) {
  let members = start
  let refusals = lagging
  const asked: string[] = []
  const answer: Answer = (request, response, body) => {
    const path = request.url ?? ''
    const given = body === '' ? {} : (JSON.parse(body) as { ID?: string; peerURLs?: string[] })
    if (path === '/health') return response.end('{"health":"true"}')
    if (path === '/v3/cluster/member/list') return response.end(JSON.stringify({ members }))
    asked.push(path.slice('/v3/cluster/member/'.length))
    if (path.endsWith('/add')) members = [...members, { ID: '99', peerURLs: given.peerURLs ?? [], isLearner: true }]
    if (path.endsWith('/remove')) members = members.filter(({ ID }) => ID !== given.ID)
    if (path.endsWith('/promote') && (refusals -= 1) >= 0) {
      response.statusCode = 412
      return response.end(
        '{"error":"etcdserver: can only promote a learner member which is in sync with leader","code":9}',
      )
    }
    if (path.endsWith('/promote'))
      members = members.map(each => (each.ID === given.ID ? { ...each, isLearner: false } : each))
    return response.end('{}')
  }
  return { answer, asked }
}

async function change(what: EtcdChange, clientUrl: string) {
  const client = createTlsClient({ files: tls.files, now: Date.now })
  const args = { clientUrl, ...tls.tls, change: what }
  const call = { args, signal: new AbortController().signal, progress: () => undefined }
  return createEtcdChangeMember({ client })(call).finally(() => client.close())
}

const four = { name: 'etcd-4', peerUrl: 'https://10.0.0.4:2380' }

function voter(number: number, clientURLs: readonly string[] = []): FakeMember {
  return { ID: String(number), name: `etcd-${number}`, peerURLs: [`https://10.0.0.${number}:2380`], clientURLs }
}

describe('etcd.change-member', () => {
  it('adds a learner once', async () => {
    const fake = etcd([voter(1)])
    await using server = await testingServer(tls, fake.answer)
    expect(await change({ do: 'add-learner', ...four }, server.url)).toEqual({
      members: ['etcd-1', '? (learner)'],
    })
    await change({ do: 'add-learner', ...four }, server.url)
    expect(fake.asked).toEqual(['add'])
  })

  it('promotes a learner when it has caught up, and a voter not again', async () => {
    const learner = { ID: '99', name: 'etcd-4', peerURLs: [four.peerUrl], isLearner: true }
    const fake = etcd([voter(1), learner], { lagging: 2 })
    await using server = await testingServer(tls, fake.answer)
    await change({ do: 'promote', ...four }, server.url)
    await change({ do: 'promote', ...four }, server.url)
    expect(fake.asked).toEqual(['promote', 'promote', 'promote'])
  })

  it('removes a voter when those who are left are a majority that is well, and once', async () => {
    await using server = await testingServer(tls, (request, response, body) => fake.answer(request, response, body))
    const fake = etcd([voter(1, [server.url]), voter(2, [server.url]), voter(3)])
    await change({ do: 'remove', name: 'etcd-3' }, server.url)
    await change({ do: 'remove', name: 'etcd-3' }, server.url)
    expect(fake.asked).toEqual(['remove'])
  })

  it.each([
    ['one of two is away', [1, 2, 3], 2],
    ['it is the last one', [1], 1],
  ])('refuses to take the majority away: %s', async (_, voters, leaves) => {
    await using server = await testingServer(tls, (request, response, body) => fake.answer(request, response, body))
    const fake = etcd(voters.map(number => voter(number, number === 1 ? [server.url] : [])))
    await expect(change({ do: 'remove', name: `etcd-${leaves}` }, server.url)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('no majority'),
    })
    expect(fake.asked).toEqual([])
  })
})
