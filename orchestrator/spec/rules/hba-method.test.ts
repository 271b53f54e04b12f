import { describe, expect, it } from 'vitest'
import { inCluster, told } from '../testing-file.ts'

describe('the method of an HBA rule', () => {
  it('asks the operating system only on the socket', () => {
    const file = inCluster(`
      hba:
        - { user: all, database: all, address: 10.0.0.0/8, auth: peer }
        - { user: all, database: all, address: localhost, auth: ident }
        - { user: all, database: all, address: local, auth: peer }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].hba[0].auth hba-method: `peer` asks the operating system who is at the other end, which only the unix socket can tell → Set `address: local`, or `auth: scram-sha-256`.',
      '7 clusters[0].hba[1].auth hba-method: `ident` asks the operating system who is at the other end, which only the unix socket can tell → Set `address: local`, or `auth: scram-sha-256`.',
    ])
  })

  it('asks for a certificate only where there is TLS', () => {
    const file = inCluster(`
      hba:
        - { user: all, database: all, address: local, auth: cert }
        - { user: all, database: all, address: cluster, auth: cert, tls: false }
        - { user: all, database: all, address: all, auth: cert, on: pooler }
    `)
    expect(told(file)).toEqual([
      '6 clusters[0].hba[0].auth hba-method: `cert` needs a connection with TLS, and the unix socket has none → Set `auth: peer` or `auth: scram-sha-256`.',
      '7 clusters[0].hba[1].auth hba-method: `cert` needs a connection with TLS, and `tls: false` is for those without → Remove `tls: false`, or set `auth: scram-sha-256`.',
      '8 clusters[0].hba[2].auth hba-method: `cert` works on direct connections only: clients of the pooler show it no certificate → Set `on: postgres`, or `auth: scram-sha-256`.',
    ])
  })

  it('that trusts is warned of, with what it means', () => {
    const file = inCluster(`
      users: [{ name: app }]
      hba:
        - { user: all, database: all, address: all, auth: trust }
        - { user: app, database: all, address: 10.0.0.0/8, auth: trust }
        - { user: +app, database: all, address: local, auth: trust }
        - { user: app, database: all, address: cluster, auth: trust }
        - { user: app, database: postgres, address: localhost, auth: trust }
    `)
    expect(told(file)).toEqual([
      'warning 7 clusters[0].hba[0].auth hba-trust: anybody who can reach the cluster becomes every user without any password → Set `auth: scram-sha-256`; on the unix socket `auth: peer` needs no password either.',
      'warning 8 clusters[0].hba[1].auth hba-trust: anybody in 10.0.0.0/8 becomes `app` without any password → Set `auth: scram-sha-256`; on the unix socket `auth: peer` needs no password either.',
      "warning 9 clusters[0].hba[2].auth hba-trust: anybody with a process on a member's host becomes every member of `app` without any password → Set `auth: scram-sha-256`; on the unix socket `auth: peer` needs no password either.",
      "warning 10 clusters[0].hba[3].auth hba-trust: anybody with a process on any member's host becomes `app` without any password → Set `auth: scram-sha-256`; on the unix socket `auth: peer` needs no password either.",
      "warning 11 clusters[0].hba[4].auth hba-trust: anybody with a process on a member's host becomes `app` without any password → Set `auth: scram-sha-256`; on the unix socket `auth: peer` needs no password either.",
    ])
  })
})
