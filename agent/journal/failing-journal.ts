import { type Failpoints, NO_FAILPOINTS } from '../../shared/lib/failpoint.ts'
import type { Audit } from './audit.ts'
import type { Journal } from './journal.ts'

/** A journal with a failpoint before and after every write: `intent`, `result` and `acknowledged`, each with `:before` and `:after`. */
export function createFailingJournal(journal: Journal, failpoints: Failpoints): Journal {
  if (failpoints === NO_FAILPOINTS) return journal
  const around = aroundIn(failpoints)
  return {
    ...journal,
    begin: intent => around('intent', () => journal.begin(intent)),
    finish: (commandId, outcome) => around('result', () => journal.finish(commandId, outcome)),
    acknowledge: commandId => around('acknowledged', () => journal.acknowledge(commandId)),
  }
}

/** The same for the audit chain: `audit`. */
export function createFailingAudit(audit: Audit, failpoints: Failpoints): Audit {
  if (failpoints === NO_FAILPOINTS) return audit
  const around = aroundIn(failpoints)
  return { ...audit, record: event => around('audit', () => audit.record(event)) }
}

function aroundIn(failpoints: Failpoints) {
  return async (name: string, write: () => Promise<void>): Promise<void> => {
    failpoints.reach(`${name}:before`)
    await write()
    failpoints.reach(`${name}:after`)
  }
}
