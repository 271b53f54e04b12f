import { programsBelow, runtimePrefix } from '../../../shared/domain/runtime.ts'
import { anyAddress, hostPort } from './address.ts'
import { certificate } from './certificate.ts'
import { patroniDynamicConfig } from './dynamic-config.ts'
import { ETCD_CLIENT_PORT } from './etcd.ts'
import { postgresHba, REPLICATION_ROLE, REWIND_ROLE, SUPERUSER_ROLE } from './hba.ts'
import { type Fragment, publicFile, rootDirectory, secretFile, type UnitInput, unitFile, unitItem } from './items.ts'
import type { LocalInstance } from './members.ts'
import type { OsDifferences } from './os-differences.ts'
import { CONFIG, instancePaths, PATRONI_LAUNCHER, STATE, tlsPaths } from './paths.ts'
import { PATRONI_LAUNCHER_TEXT } from './patroni-launcher.ts'
import { patroniTags } from './patroni-tags.ts'
import type { FleetView } from './render-input.ts'
import { patroniUnit, poolerKinds, poolerUnit } from './unit-names.ts'
import { watchdogAccess, watchdogSection } from './watchdog.ts'
import { type YamlValue, yaml } from './yaml.ts'

export interface PatroniInput {
  readonly local: LocalInstance
  /** Client addresses of etcd, this node's own member first. */
  readonly etcdAddresses: readonly string[]
  readonly etcdIsLocal: boolean
  readonly differences: OsDifferences
  readonly start: boolean
  readonly stop: boolean
  /** It is about to leave: it confirms no commit and is not promoted. */
  readonly withdrawn: boolean
  readonly fleet: FleetView
}

/** One member of a cluster: Patroni, and through it PostgreSQL. */
export function renderPatroni(input: PatroniInput): Fragment {
  const { local } = input
  const { instance, address, nodeName } = local.self
  const paths = instancePaths(instance)
  const unit = patroniUnit(instance)
  const reload = { unit, verb: 'reload' } as const
  const access = watchdogAccess(local.cluster.watchdog, instance)
  return {
    directories: [
      rootDirectory(`${CONFIG}/patroni`),
      rootDirectory(`${STATE}/pg`),
      rootDirectory(tlsPaths(instance).directory),
      rootDirectory(paths.patroniDirectory),
      { path: paths.home, owner: 'postgres', group: 'postgres', mode: '0700' },
      ...access.directories,
    ],
    certificates: [
      certificate({
        subject: instance,
        owner: 'postgres',
        names: [address, nodeName],
        reactions: [
          reload,
          ...poolerKinds(local.cluster).map(kind => ({ unit: poolerUnit(kind, instance), verb: 'reload' as const })),
        ],
      }),
    ],
    files: [
      unitFile('drover-patroni@.service', UNIT),
      ...access.files,
      publicFile(PATRONI_LAUNCHER, PATRONI_LAUNCHER_TEXT),
      secretFile({
        path: paths.patroniConfig,
        group: 'postgres',
        content: yaml(patroniConfig(input)),
        reactions: [reload],
      }),
    ],
    links: [{ path: paths.runtime, target: runtimePrefix(local.runtime?.id) }],
    units: [unitItem(unitOf(unit, input))],
  }
}

function unitOf(name: string, { start, stop, local }: PatroniInput): UnitInput {
  return { name, start, stop, listens: [local.ports.postgres, local.ports.patroni] }
}

function patroniConfig(input: PatroniInput): { readonly [key: string]: YamlValue | undefined } {
  const { local } = input
  const { instance, address } = local.self
  const tls = tlsPaths(instance)
  return {
    scope: local.cluster.name,
    namespace: '/drover/',
    name: instance,
    restapi: {
      listen: hostPort(anyAddress(address), local.ports.patroni),
      connect_address: hostPort(address, local.ports.patroni),
      certfile: tls.cert,
      keyfile: tls.key,
      cafile: tls.ca,
      // Anyone may ask for the role; changing anything takes a certificate of the fleet and a member's address.
      verify_client: 'optional',
      allowlist: ['127.0.0.1', address],
      allowlist_include_members: true,
    },
    ctl: { cacert: tls.ca, certfile: tls.cert, keyfile: tls.key },
    etcd3: etcdConfig(input),
    bootstrap: {
      dcs: patroniDynamicConfig({
        cluster: local.cluster,
        settings: local.settings,
        bootstrap: true,
        fleet: input.fleet,
      }),
      initdb: initdb(local.allocation.postgresVersion),
    },
    postgresql: postgresConfig(local),
    watchdog: watchdogSection(local.cluster.watchdog),
    ...patroniTags(local.self, input.withdrawn),
  }
}

/**
 * With a member of its own a node asks that one first: a Patroni that talks to a dead host's etcd loses seconds of a
 * failover to time-outs. `use_proxies` keeps Patroni from replacing the list by the members' advertised addresses in any order.
 */
function etcdConfig({ local, etcdAddresses, etcdIsLocal }: PatroniInput): YamlValue {
  const tls = tlsPaths(local.self.instance)
  return {
    protocol: 'https',
    hosts: etcdAddresses.map(address => hostPort(address, ETCD_CLIENT_PORT)),
    ...(etcdIsLocal ? { use_proxies: true } : {}),
    cacert: tls.ca,
    cert: tls.cert,
    key: tls.key,
  }
}

/** Code-point collation does not change with the C library; PostgreSQL 17 brings its own, so that even glibc upgrades cannot corrupt an index. */
function initdb(postgresVersion: number): YamlValue {
  const provider = postgresVersion >= 17 ? [{ 'locale-provider': 'builtin' }] : []
  return [
    ...provider,
    { locale: 'C.UTF-8' },
    { encoding: 'UTF8' },
    { 'auth-local': 'peer' },
    { 'auth-host': 'scram-sha-256' },
    'data-checksums',
  ]
}

function postgresConfig(local: LocalInstance): YamlValue {
  const { instance, address } = local.self
  const paths = instancePaths(instance)
  const tls = tlsPaths(instance)
  const { secrets } = local
  const serverTls = { sslmode: 'verify-ca', sslrootcert: tls.ca }
  return {
    // Not `*`: with that PostgreSQL starts on IPv6 alone when another program has the IPv4 port, and nobody notices.
    listen: hostPort(anyAddress(address), local.ports.postgres),
    connect_address: hostPort(address, local.ports.postgres),
    data_dir: paths.data,
    // A server keeps the real path that it was started from: where the link leads counts from its next start.
    bin_dir: programsBelow(paths.runtime, local.allocation.postgresVersion),
    pgpass: paths.pgpass,
    use_unix_socket: true,
    use_unix_socket_repl: true,
    authentication: {
      // By peer over the socket only: the superuser has no password that could leak.
      superuser: { username: SUPERUSER_ROLE },
      replication: { username: REPLICATION_ROLE, password: `\${secret:${secrets}/replicator}`, ...serverTls },
      rewind: { username: REWIND_ROLE, password: `\${secret:${secrets}/rewind}`, ...serverTls },
    },
    basebackup: [{ checkpoint: 'fast' }, { 'max-rate': `${Math.floor(local.cluster.cloneRateBytes / 1024)}k` }],
    ...(local.self.delaySeconds === 0
      ? {}
      : // Patroni writes it for whomever this member follows, so that it outlives every failover.
        { recovery_conf: { recovery_min_apply_delay: `${local.self.delaySeconds}s` } }),
    parameters: {
      ...local.ownSettings,
      unix_socket_directories: paths.socket,
      ssl: 'on',
      ssl_cert_file: tls.cert,
      ssl_key_file: tls.key,
      ssl_ca_file: tls.ca,
      password_encryption: 'scram-sha-256',
    },
    pg_hba: postgresHba(local),
  }
}

/**
 * `KillMode=process` and the kept runtime directory let PostgreSQL outlive a crash of Patroni, which then adopts it.
 * The kernel's memory killer spares the postmaster and picks a backend.
 */
const UNIT = `[Unit]
Description=Drover: PostgreSQL %i under Patroni
After=network.target drover-etcd.service
StartLimitIntervalSec=0

[Service]
Type=exec
User=postgres
Group=postgres
Environment=PG_OOM_ADJUST_FILE=/proc/self/oom_score_adj PG_OOM_ADJUST_VALUE=0
ExecStart=/usr/bin/python3 ${PATRONI_LAUNCHER} ${CONFIG}/patroni/%i/patroni.yml
ExecReload=/bin/kill -HUP $MAINPID
SyslogIdentifier=patroni
RuntimeDirectory=drover-pg/%i
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes
KillMode=process
TimeoutStopSec=120
Restart=always
RestartSec=1
LimitNOFILE=131072
OOMScoreAdjust=-900

[Install]
WantedBy=multi-user.target
`
