import type { FleetId } from '../../shared/domain/ids.ts'
import type { TokenStore } from '../inventory/enrolment/token-store.ts'
import type { NodeAdmin } from '../inventory/node-admin.ts'
import type { AuditLog } from '../observe/audit-log.ts'
import type { FleetHealth } from '../observe/health/fleet-health.ts'
import type { NodeAudit } from '../observe/node-audit.ts'
import type { FleetDrift } from '../operation/drift/fleet-drift.ts'
import type { Operations } from '../operation/operations.ts'
import type { Credential } from '../operation/placeholders.ts'
import type { PackageRepository } from '../packages/package-repository.ts'
import type { ViewSources } from './fleet-view.ts'

/** Everything that handlers may call. They decode, call one of these, and encode. */
export interface ApiDeps extends ViewSources {
  readonly version: string
  readonly fleet: { readonly id: FleetId; readonly name: string; readonly caPem: string }
  readonly tokens: TokenStore
  readonly admin: NodeAdmin
  readonly audit: AuditLog
  readonly nodeAudit: NodeAudit
  readonly health: FleetHealth
  readonly operations: Operations
  readonly packages: PackageRepository
  readonly drift: FleetDrift
  /** A generated password; null when there is none at this path. */
  readonly credential: (path: string) => Promise<Credential | null>
  /** Aborts when the orchestrator stops, so that watches end. */
  readonly stopping: AbortSignal
}
