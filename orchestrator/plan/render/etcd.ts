import type { EtcdWatch } from '../../../shared/domain/manifest.ts'
import type { EtcdMember, EtcdPeer } from '../../../shared/domain/snapshot.ts'
import type { EtcdSpec, FailoverMode } from '../../../shared/domain/spec.ts'
import { anyAddress, hostPort } from './address.ts'
import { certificate } from './certificate.ts'
import { failoverTimes, mostPatient } from './failover-mode.ts'
import { type Fragment, publicFile, rootDirectory, unitFile, unitItem } from './items.ts'
import type { LocalEtcd } from './members.ts'
import { ETCD_CONFIG, ETCD_DATA, tlsPaths } from './paths.ts'
import { ETCD_UNIT } from './unit-names.ts'
import { type YamlValue, yaml } from './yaml.ts'

export const ETCD_CLIENT_PORT = 2379
const ETCD_PEER_PORT = 2380

export interface EtcdInput {
  readonly self: LocalEtcd & Pick<EtcdMember, 'joins'>
  /** Whom the first voters began with. */
  readonly founders: readonly EtcdPeer[]
  readonly token: string
  readonly spec: EtcdSpec
  readonly modes: readonly FailoverMode[]
  readonly start: boolean
}

/** This node's member of the fleet's etcd: mutual TLS for clients and peers, bounded in size, compacted by itself. */
export function renderEtcd(input: EtcdInput): Fragment {
  const tls = tlsPaths('etcd')
  return {
    directories: [
      rootDirectory('/etc/drover/etcd'),
      rootDirectory(tls.directory),
      { path: ETCD_DATA, owner: 'etcd', group: 'etcd', mode: '0700' },
    ],
    certificates: [
      certificate({ subject: 'etcd', owner: 'etcd', names: [input.self.name, input.self.address], reactions: [] }),
    ],
    files: [
      publicFile(ETCD_CONFIG, yaml(etcdConfig(input)), [{ unit: ETCD_UNIT, verb: 'restart' }]),
      unitFile(ETCD_UNIT, UNIT),
    ],
    units: [unitItem({ name: ETCD_UNIT, start: input.start, listens: [ETCD_CLIENT_PORT, ETCD_PEER_PORT] })],
  }
}

export function etcdWatch(self: LocalEtcd): EtcdWatch {
  const tls = tlsPaths('etcd')
  return {
    name: self.name,
    clientUrl: `https://127.0.0.1:${ETCD_CLIENT_PORT}`,
    caPath: tls.ca,
    certPath: tls.cert,
    keyPath: tls.key,
  }
}

/** Listens on every address, so that it starts at boot before the network has one; only certificates of the fleet get in. */
function etcdConfig({ self, founders, token, spec, modes }: EtcdInput): { readonly [key: string]: YamlValue } {
  const heartbeat = failoverTimes(mostPatient(modes)).etcdHeartbeatMs
  const listen = anyAddress(self.address)
  const peers = self.joins ?? founders
  const tls = tlsPaths('etcd')
  const transport = {
    'cert-file': tls.cert,
    'key-file': tls.key,
    'trusted-ca-file': tls.ca,
    'client-cert-auth': true,
  }
  return {
    name: self.name,
    // A voter that comes back is a new one: it must not find what an older one on this node has left.
    'data-dir': `${ETCD_DATA}/${self.joins === undefined ? 'data' : self.name}`,
    'listen-peer-urls': url(listen, ETCD_PEER_PORT),
    'listen-client-urls': url(listen, ETCD_CLIENT_PORT),
    'initial-advertise-peer-urls': url(self.address, ETCD_PEER_PORT),
    'advertise-client-urls': url(self.address, ETCD_CLIENT_PORT),
    'initial-cluster': peers.map(peer => `${peer.name}=${etcdPeerUrl(peer.address)}`).join(','),
    'initial-cluster-token': token,
    'initial-cluster-state': self.joins === undefined ? 'new' : 'existing',
    'client-transport-security': transport,
    'peer-transport-security': transport,
    'quota-backend-bytes': spec.quotaBytes,
    'auto-compaction-mode': 'periodic',
    'auto-compaction-retention': `${spec.compactionRetentionHours}h`,
    'heartbeat-interval': heartbeat,
    'election-timeout': heartbeat * 10,
    'snapshot-count': 10_000,
    // Patroni speaks to the JSON gateway, which etcd 3.4 turns off as soon as it reads a configuration file.
    'enable-grpc-gateway': true,
    logger: 'zap',
    'log-level': 'warn',
    'log-outputs': ['stderr'],
  }
}

/** Where voters reach each other. */
export function etcdPeerUrl(address: string): string {
  return url(address, ETCD_PEER_PORT)
}

function url(address: string, port: number): string {
  return `https://${hostPort(address, port)}`
}

/** `Type=exec`: a member without quorum must not hold up a start job; whether it is healthy is observed. */
const UNIT = `[Unit]
Description=Drover: etcd member
After=network.target
StartLimitIntervalSec=0

[Service]
Type=exec
User=etcd
ExecStart=/usr/bin/etcd --config-file ${ETCD_CONFIG}
Restart=always
RestartSec=1
LimitNOFILE=65536
CPUWeight=500
IOWeight=500
OOMScoreAdjust=-900

[Install]
WantedBy=multi-user.target
`
