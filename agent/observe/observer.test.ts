import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import type { InstanceWatch } from '../../shared/domain/manifest.ts'
import { type Answer, testingServer, testingTls } from '../../test/support/fleet-tls-server.ts'
import { createHost } from '../host/host.ts'
import type { UnitStatus } from '../host/systemd.ts'
import { createObserver } from './observer.ts'

const tls = await testingTls()
const signal = new AbortController().signal

const UNIT: UnitStatus = {
  name: 'drover-patroni@pg-main-1.service',
  load: 'loaded',
  active: 'activating',
  sub: 'auto-restart',
  result: 'exit-code',
  enablement: 'enabled',
  stale: false,
  jobPending: false,
  restarts: 0,
  mainPid: 0,
}

function observer(logged = '') {
  const host = createHost({ root: '/nowhere' })
  const unit = { ...UNIT, restarts: 7 }
  const systemd = { lastLines: async () => logged, show: async () => new Map([[unit.name, unit]]) }
  return createObserver({ host: { files: { ...host.files, ...tls.files } }, systemd, now: () => 1_000 })
}

function watch(change: Partial<InstanceWatch>): InstanceWatch {
  return {
    cluster: 'pg-main',
    instance: 'pg-main-1',
    address: '127.0.0.1',
    postgresPort: 5432,
    socketDirectory: '/run/pg',
    dataDirectory: '/data',
    patroniUrl: 'https://127.0.0.1:1',
    patroniUnit: 'drover-patroni@pg-main-1.service',
    ...tls.tls,
    poolers: [],
    services: [],
    ...change,
  }
}

/** etcd's gateway as recorded from 3.5.16 on a lab host, cut to what is read. */
const etcd: Answer = (request, response) => {
  const answers: Readonly<Record<string, string>> = {
    '/v3/maintenance/status':
      '{"header":{"cluster_id":"79", "member_id":"12516375162879734302", "revision":"80", "raft_term":"2"}, "version":"3.5.16", "dbSize":"49152", "leader":"12516375162879734302", "raftIndex":"99"}',
    '/v3/cluster/member/list': '{"members":[{"ID":"95"}, {"ID":"11"}, {"ID":"12"}]}',
    '/health': '{"health":"true","reason":""}',
    '/version': '{"etcdserver":"3.5.16","etcdcluster":"3.5.0"}',
    '/metrics': '# TYPE etcd_server_quota_backend_bytes gauge\netcd_server_quota_backend_bytes 2.147483648e+09\n',
  }
  response.end(answers[request.url ?? ''] ?? '')
}

describe('observing a node', () => {
  it('asks Patroni over mutual TLS and the ports in PostgreSQL’s protocol', async () => {
    await using patroni = await testingServer(tls, (_, response) =>
      response.end('{"state": "running", "role": "primary", "server_version": 170012, "timeline": 3}'),
    )
    const pooler = createServer(socket => socket.on('data', () => socket.end('N')))
    pooler.listen(0, '127.0.0.1')
    await once(pooler, 'listening')
    const { port } = pooler.address() as AddressInfo
    const seen = observer()
    const instances = [
      watch({ patroniUrl: patroni.url, poolers: [{ name: 'rw', port }], services: [{ name: 'primary', port: 1 }] }),
    ]
    expect(await seen.observe({ instances }, signal)).toEqual({
      observedAt: 1_000,
      instances: [
        {
          cluster: 'pg-main',
          instance: 'pg-main-1',
          role: 'primary',
          state: 'running',
          serverVersion: '17.12',
          timeline: 3,
          poolers: [{ name: 'rw', port, up: true }],
          services: [{ name: 'primary', port: 1, up: false }],
        },
      ],
    })
    seen.close()
    pooler.close()
  })

  it('reports an instance that nothing answers for, and does not throw', async () => {
    const seen = observer()
    const { instances } = await seen.observe({ instances: [watch({})] }, signal)
    expect(instances[0]).toMatchObject({
      role: 'unknown',
      state: 'unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    })
    seen.close()
  })

  it('tells what a Patroni that does not answer has logged last, without its secrets', async () => {
    const seen = observer('FATAL:  data_dir /data is not writable, password=hunter2\nTraceback\nFailed with result')
    const { instances } = await seen.observe({ instances: [watch({})] }, signal)
    expect(instances[0]?.restarts).toBe(7)
    expect(instances[0]?.detail).toMatch(
      /; it logged last: FATAL:  data_dir \/data is not writable, password=\[REDACTED\]$/,
    )
    seen.close()
  })

  it('reports an instance whose certificate is not there yet', async () => {
    const seen = observer()
    const { instances } = await seen.observe({ instances: [watch({ certPath: '/missing' })] }, signal)
    expect(instances[0]).toMatchObject({ state: 'unreachable', detail: '/missing is not there yet' })
    seen.close()
  })

  it('reports etcd with leader, size, quota and members, and keeps its connection', async () => {
    const requests: string[] = []
    const sockets = new Set<unknown>()
    await using server = await testingServer(tls, (request, response, body) => {
      requests.push(request.url ?? '')
      sockets.add(request.socket)
      etcd(request, response, body)
    })
    const seen = observer()
    const watches = { etcd: { name: 'etcd-1', clientUrl: server.url, ...tls.tls }, instances: [] }
    expect((await seen.observe(watches, signal)).etcd).toEqual({
      name: 'etcd-1',
      healthy: true,
      leader: true,
      version: '3.5.16',
      clusterVersion: '3.5.0',
      dbSizeBytes: 49_152,
      members: 3,
      quotaBytes: 2_147_483_648,
    })
    await seen.observe(watches, signal)
    expect(requests.filter(url => url === '/metrics')).toHaveLength(1)
    expect(sockets.size).toBe(1)
    seen.close()
  })

  it('reports an etcd without quorum as not healthy', async () => {
    await using server = await testingServer(tls, (request, response, body) => {
      if (request.url !== '/health') return etcd(request, response, body)
      response.statusCode = 503
      response.end('{"health":"false","reason":"RAFT NO LEADER"}')
    })
    const seen = observer()
    const watches = { etcd: { name: 'etcd-1', clientUrl: server.url, ...tls.tls }, instances: [] }
    expect((await seen.observe(watches, signal)).etcd).toMatchObject({
      healthy: false,
      detail: expect.stringContaining('RAFT NO LEADER'),
    })
    seen.close()
  })
})
