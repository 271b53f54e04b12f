import type { Cluster__Output } from '../../../proto/gen/drover/v1/Cluster.ts'
import type { EtcdMember__Output } from '../../../proto/gen/drover/v1/EtcdMember.ts'
import type { StatusResponse__Output } from '../../../proto/gen/drover/v1/StatusResponse.ts'
import type { Output } from '../terminal.ts'
import { renderHealth } from './health.ts'
import { paint, type Tone } from './style.ts'
import { table } from './table.ts'
import { bytes, labels } from './units.ts'

const TONES: Readonly<Record<string, Tone>> = {
  healthy: 'green',
  ready: 'green',
  running: 'green',
  streaming: 'green',
  degraded: 'yellow',
  creating: 'yellow',
  pending: 'yellow',
  unavailable: 'red',
  silent: 'red',
  unreachable: 'red',
}

/** Nodes, etcd, and each cluster with members and services, as they are observed. */
export function renderStatus(output: Output, status: StatusResponse__Output): string {
  return [
    `fleet ${paint(output, 'bold', status.fleetName)}\n`,
    nodes(output, status),
    etcd(output, status),
    ...status.clusters.map(cluster => clusterText(output, cluster)),
    renderHealth(output, status.health),
    running(status),
  ]
    .filter(part => part !== '')
    .join('\n')
}

function nodes(output: Output, status: StatusResponse__Output): string {
  if (status.nodes.length === 0) return 'No nodes yet: make a join token with `drover token create`.\n'
  return table(
    ['NODE', 'STATE', 'ADDRESS', 'CORES', 'MEMORY', 'DISKS', 'OS', 'LABELS', 'AGENT'],
    status.nodes.map(node => [
      node.name,
      tone(output, node.state),
      node.address,
      String(node.hardware?.cores ?? '-'),
      bytes(node.hardware?.memoryBytes),
      (node.hardware?.disks ?? []).map(disk => `${disk.kind} ${bytes(disk.sizeBytes)}`).join(' ') || '-',
      node.os || '-',
      labels(node.labels),
      node.agentVersion,
    ]),
  )
}

function etcd(output: Output, status: StatusResponse__Output): string {
  if (status.etcd.length === 0) return ''
  return table(
    ['ETCD', 'NODE', 'STATE', 'ROLE', 'DB', 'VERSION'],
    status.etcd.map(member => [
      member.name,
      member.node,
      tone(output, member.healthy ? 'healthy' : 'unreachable'),
      member.leader ? 'leader' : 'follower',
      databaseSize(member),
      member.version || '-',
    ]),
  )
}

/** `12 MiB of 2 GiB`, and alarms that were raised. */
function databaseSize({ dbSizeBytes, quotaBytes, alarms }: EtcdMember__Output): string {
  const of = quotaBytes === undefined ? '' : ` of ${bytes(quotaBytes)}`
  return [`${bytes(dbSizeBytes)}${of}`, ...alarms].join(' ')
}

function clusterText(output: Output, cluster: Cluster__Output): string {
  const head = `cluster ${paint(output, 'bold', cluster.name)}  PostgreSQL ${cluster.postgresVersion || '?'}  ${tone(output, cluster.state)}${following(cluster)}\n`
  const members = table(
    ['MEMBER', 'NODE', 'ADDRESS', 'ROLE', 'STATE', 'TL', 'LAG', 'VERSION'],
    cluster.members.map(member => [
      member.name,
      member.node,
      `${member.address}:${member.port}`,
      member.purpose === '' || member.purpose === 'member' || member.purpose === member.role
        ? member.role
        : `${member.role} (${member.purpose})`,
      tone(output, member.state) + (member.pendingRestart ? ' (pending restart)' : ''),
      String(member.timeline ?? '-'),
      bytes(member.lagBytes),
      member.serverVersion || '-',
    ]),
  )
  const services = table(
    ['SERVICE', 'PORT', 'UP ON'],
    cluster.services.map(service => [service.name, String(service.port), service.addresses.join(' ') || '-']),
  )
  const warnings = cluster.warnings.map(warning => `${paint(output, 'yellow', 'warning')}: ${warning}\n`).join('')
  return head + members + services + warnings
}

function following({ standbyOf, delaySeconds }: Cluster__Output): string {
  if (standbyOf === '') return ''
  return `  follows ${standbyOf}${delaySeconds === 0 ? '' : `, ${delaySeconds} s later`}`
}

function running(status: StatusResponse__Output): string {
  return status.operations
    .map(operation => `operation ${operation.operationId} ${operation.kind} ${operation.subject}: ${operation.state}\n`)
    .join('')
}

function tone(output: Output, state: string): string {
  const known = TONES[state]
  return known === undefined ? state : paint(output, known, state)
}
