/** As the cluster is made. */
export const FIRST_SPEC = spec('\n    users: [{ name: app }]')

/** Touches every host, Patroni's configuration and the databases, in turns one way and the other. */
export function changedSpec(round: number): string {
  const turn = round % 2
  return spec(`
    parameters: { work_mem: ${turn === 0 ? '16MB' : '32MB'} }
    hba: [{ user: app, database: app, address: 10.${turn}.0.0/16 }]
    users: [{ name: app, comment: turn ${turn} }]`)
}

/** What a server takes only when it starts, and with it another standby that confirms commits. */
export function restartingSpec(value: 'on' | 'off'): string {
  return spec(`
    users: [{ name: app }]
    parameters: { track_commit_timestamp: ${value} }
    synchronous: { standbys: ${value === 'on' ? 2 : 1} }`)
}

function spec(more: string): string {
  return `version: 1
fleet: { name: test }
etcd: { members: 3 }
clusters:
  - name: pg-main
    members: 3
    durability: sync${more}
    updateExtensions: true
    databases: [{ name: app, owner: app, extensions: [pg_trgm] }]
`
}
