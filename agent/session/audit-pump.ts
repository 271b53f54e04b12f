import type { Audit } from '../journal/audit.ts'

const BATCH = 64

/** Sends the audit chain in batches, the next one when the last is acknowledged. */
export interface AuditPump {
  /** The orchestrator has everything up to this index. */
  start(index: number): void
  acknowledged(index: number): Promise<void>
  /** Sends what is new, unless a batch is on its way. */
  pump(): void
}

export function createAuditPump(audit: Audit, send: (records: Buffer[]) => void): AuditPump {
  let sentUpTo: number | null = null
  let inFlight = false

  function pump(): void {
    if (sentUpTo === null || inFlight) return
    const links = audit.after(sentUpTo, BATCH)
    const last = links.at(-1)
    if (last === undefined) return
    inFlight = true
    sentUpTo = last.index
    send(links.map(link => Buffer.from(JSON.stringify(link))))
  }

  return {
    pump,
    start: index => {
      sentUpTo = index
      inFlight = false
      pump()
    },
    acknowledged: async index => {
      inFlight = false
      await audit.acknowledged(index)
      pump()
    },
  }
}
