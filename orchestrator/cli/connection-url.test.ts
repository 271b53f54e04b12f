import { describe, expect, it } from 'vitest'
import type { ShowClusterResponse__Output } from '../../proto/gen/drover/v1/ShowClusterResponse.ts'
import { connectionUrl } from './connection-url.ts'

describe('the URL of a service', () => {
  it("goes through a standby's host, which outlives the primary's", () => {
    expect(connectionUrl(shown(), { service: 'primary' })).toEqual({
      url: 'postgres://app:p%2Fw%3Ad@10.0.0.2:5433/app?sslmode=require',
      password: 'p/w:d',
    })
  })

  it('names every door when asked to', () => {
    const { url } = connectionUrl(shown(), { service: 'primary', allHosts: true })
    expect(url).toContain('@10.0.0.2:5433,10.0.0.1:5433/app')
  })

  it('says who takes the writes when this is a standby cluster', () => {
    const specJson = JSON.stringify({ standbyOf: { cluster: 'pg-first' } })
    expect(() => connectionUrl({ ...shown(), specJson }, { service: 'default' })).toThrow(
      'cluster pg-main has no service default: it follows pg-first, which takes the writes',
    )
  })

  it('says which services and users there are', () => {
    expect(() => connectionUrl(shown(), { service: 'nope' })).toThrow('cluster pg-main has no service nope')
    expect(() => connectionUrl(shown(), { service: 'primary', user: 'eve' })).toThrow('no password is known for eve')
    expect(() => connectionUrl(shown(), { service: 'primary', database: 'nope' })).toThrow(
      'cluster pg-main has no database nope',
    )
    expect(() => connectionUrl({ ...shown(), specJson: '' }, { service: 'primary' })).toThrow(
      'has no database in its spec',
    )
  })
})

function shown(): ShowClusterResponse__Output {
  const member = (name: string, address: string) => ({
    name,
    node: name,
    address,
    port: 5432,
    role: 'replica',
    state: 'streaming',
    serverVersion: '17.11',
    pendingRestart: false,
    pendingSettings: [],
    purpose: 'member',
  })
  return {
    health: [],
    cluster: {
      name: 'pg-main',
      postgresVersion: '17',
      state: 'healthy',
      primary: 'pg-main-1',
      members: [member('pg-main-1', '10.0.0.1'), member('pg-main-2', '10.0.0.2')],
      services: [{ name: 'primary', port: 5433, addresses: ['10.0.0.1', '10.0.0.2'] }],
      warnings: [],
      standbyOf: '',
      delaySeconds: 0,
    },
    specJson: JSON.stringify({ databases: [{ name: 'app', owner: 'app' }] }),
    credentials: [{ user: 'app', password: 'p/w:d' }],
    settings: [],
    placements: [],
    caPem: '',
    databases: ['app'],
  }
}
