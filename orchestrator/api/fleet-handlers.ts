import type { FleetServer } from '../../shared/wire/services.ts'
import type { ApiDeps } from './api-deps.ts'
import { createAuditHandlers } from './audit-handlers.ts'
import { createDriftHandlers } from './drift-handlers.ts'
import { createNodeHandlers } from './node-handlers.ts'
import { createOperationHandlers } from './operation-handlers.ts'
import { createPackageHandlers } from './package-handlers.ts'
import { createStatusHandlers } from './status-handlers.ts'

/** The API of CLI and console. */
export function createFleetHandlers(deps: ApiDeps): FleetServer {
  return {
    ...createStatusHandlers(deps),
    ...createNodeHandlers(deps),
    ...createOperationHandlers(deps),
    ...createAuditHandlers(deps),
    ...createDriftHandlers(deps),
    ...createPackageHandlers(deps),
  }
}
