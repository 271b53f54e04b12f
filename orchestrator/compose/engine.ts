import { uuidV7 } from '../../shared/lib/uuid.ts'
import { defaultPlanner } from '../operation/default-planner.ts'
import type { FleetDrift } from '../operation/drift/fleet-drift.ts'
import { createEventStory } from '../operation/event-story.ts'
import { createFleetAccess } from '../operation/fleet-access.ts'
import { createJournal } from '../operation/journal.ts'
import { createOperations } from '../operation/operation-service.ts'
import type { Operations } from '../operation/operations.ts'
import { createPackageShelf } from '../operation/package-shelf.ts'
import { createSecrets } from '../operation/secrets.ts'
import { SUPPORTED_OS } from '../packages/host-os.ts'
import type { PackageRepository } from '../packages/package-repository.ts'
import type { Core } from './core.ts'

/** The durable engine over one core. */
export function createEngine(core: Core, packages: PackageRepository, drift: FleetDrift): Operations {
  const { store, clock, log, fleet, failpoints } = core
  const story = createEventStory(core.events)
  const repository = () => ({
    urls: Object.fromEntries(Object.keys(SUPPORTED_OS).map(os => [os, packages.url(os)])),
    suite: packages.suite,
    key: packages.publicKey(),
  })
  return createOperations({
    journal: createJournal(store, story),
    story,
    failpoints,
    planner: defaultPlanner,
    ...drift,
    runner: core.dispatcher,
    health: core.health,
    fleet: createFleetAccess({ ...core, fleet: { id: fleet.id, name: fleet.name }, repository }),
    shelf: createPackageShelf(packages),
    secrets: createSecrets(store),
    newId: () => uuidV7(clock.now()),
    clock,
    log,
  })
}
