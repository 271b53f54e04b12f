import { VERSION } from '../../shared/lib/version.ts'
import { createFleetHandlers } from '../api/fleet-handlers.ts'
import type { CertificateAuthority } from '../ca/certificate-authority.ts'
import type { OrchestratorConfig } from '../config.ts'
import { CertificateDesk, type ServiceCertificates } from '../dispatch/certificate-desk.ts'
import { createMeshHandlers } from '../dispatch/mesh-handlers.ts'
import { createEnrolmentHandlers } from '../inventory/enrolment/enrolment-handlers.ts'
import { EnrolmentService } from '../inventory/enrolment/enrolment-service.ts'
import type { NodeCertificates } from '../inventory/enrolment/node-certificates.ts'
import { Nonces } from '../inventory/enrolment/nonces.ts'
import { createRateLimit } from '../inventory/enrolment/rate-limit.ts'
import { RecoveryService } from '../inventory/enrolment/recovery-service.ts'
import type { Handlers, Ports } from '../listeners/listeners.ts'
import type { FleetDrift } from '../operation/drift/fleet-drift.ts'
import type { Operations } from '../operation/operations.ts'
import { createSecrets } from '../operation/secrets.ts'
import type { PackageRepository } from '../packages/package-repository.ts'
import type { Core } from './core.ts'

/** Handshakes cost about four milliseconds of a core: this bounds what strangers can make of it. */
const ALL_PER_SECOND = 100
const ALL_BURST = 1000
const ADDRESS_PER_SECOND = 20
const ADDRESS_BURST = 200
/** One audit record for a flood each ten seconds and source. */
const FLOOD_AUDIT_PER_SECOND = 0.1

/** Handlers of the three services over one core. */
export function createHandlers(parts: {
  readonly core: Core
  readonly config: OrchestratorConfig
  readonly operations: Operations
  readonly packages: PackageRepository
  readonly drift: FleetDrift
  readonly stopping: AbortSignal
  /** Known once the mesh listens; asked when somebody enrols. */
  readonly ports: () => Ports
}): Handlers {
  const { core, config, operations, packages, drift, stopping, ports } = parts
  const { fleet, store } = core
  const { caPem } = fleet.ca
  const certificates = { ...nodeCertificates(fleet.ca), ...serviceCertificates(fleet.ca) }
  const secrets = createSecrets(store)
  return {
    enrolment: enrolmentHandlers({ core, certificates, meshAddresses: () => [`:${ports().mesh}`] }),
    mesh: createMeshHandlers({
      ...core,
      desk: new CertificateDesk({ ...core, certificates, caPem }),
      fleetId: fleet.id,
      leaderEpoch: core.leadership.epoch,
      heartbeatMs: config.heartbeatMs,
      nextKeySet: version => (version + 1 === fleet.keySet.keySet.version ? fleet.keySet.envelope : null),
      refusalAudit: createRateLimit({ clock: core.clock, perSecond: FLOOD_AUDIT_PER_SECOND, burst: 1 }),
    }),
    fleet: createFleetHandlers({
      ...core,
      version: VERSION,
      fleet: { id: fleet.id, name: fleet.name, caPem },
      operations,
      packages,
      drift,
      credential: path => secrets.find(path),
      stopping,
    }),
  }
}

function enrolmentHandlers(parts: {
  readonly core: Core
  readonly certificates: NodeCertificates
  readonly meshAddresses: () => readonly string[]
}) {
  const { core, certificates, meshAddresses } = parts
  const { fleet, clock, sessions } = core
  const nonces = new Nonces(clock)
  return createEnrolmentHandlers({
    ...core,
    nonces,
    service: new EnrolmentService({
      ...core,
      nonces,
      certificates,
      isConnected: id => sessions.isConnected(id),
      superseded: id => sessions.end(id, 'another host has taken this identity over'),
    }),
    recovery: new RecoveryService({ ...core, nonces, certificates }),
    limits: {
      all: createRateLimit({ clock, perSecond: ALL_PER_SECOND, burst: ALL_BURST }),
      perAddress: createRateLimit({ clock, perSecond: ADDRESS_PER_SECOND, burst: ADDRESS_BURST }),
    },
    auditFloods: createRateLimit({ clock, perSecond: FLOOD_AUDIT_PER_SECOND, burst: 1 }),
    fleet: { id: fleet.id, caPem: fleet.ca.caPem, rootKeySet: fleet.keySet.envelope },
    meshAddresses,
  })
}

function nodeCertificates(ca: CertificateAuthority): NodeCertificates {
  return {
    check: async csr => ca.checkRequest(csr),
    issue: ({ id, generation }, csr) => ca.issueNodeCertificate({ csr, nodeId: id, generation }),
  }
}

function serviceCertificates(ca: CertificateAuthority): ServiceCertificates {
  return {
    issueService: ({ commonName, sans, usages }, csr) =>
      ca.issueServiceCertificate({ csr, commonName, names: sans, usages }),
  }
}
