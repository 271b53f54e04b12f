import type { Reaction } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'

export type UnitReaction = 'reload' | 'restart'

/**
 * Reloads and restarts that are owed. They are written down before the file they belong to changes: an agent that is killed in between
 * finds the file as wanted afterwards, and only this ledger remembers that its unit has not read it.
 */
export interface ReactionLedger {
  /** Durable when it resolves. A restart outweighs a reload. */
  plan(reactions: readonly Reaction[]): Promise<void>
  owed(): ReadonlyMap<string, UnitReaction>
  /** True once some changed item asked for `daemon-reload`. Not kept on disk: systemd itself knows about stale units. */
  daemonReload(): boolean
  settled(units: readonly string[]): Promise<void>
}

export async function openReactionLedger(options: {
  readonly files: HostFiles
  readonly path: string
}): Promise<ReactionLedger> {
  const { files, path } = options
  const owed = new Map<string, UnitReaction>(parse(await files.readText(path)))
  let daemonReload = false
  const save = () => files.writeAtomic({ path, content: JSON.stringify([...owed]), mode: 0o600 })

  return {
    owed: () => owed,
    daemonReload: () => daemonReload,
    plan: async reactions => {
      let changed = false
      for (const { unit, verb } of reactions) {
        if (verb === 'daemon-reload') daemonReload = true
        else if (owed.get(unit) !== 'restart' && owed.get(unit) !== verb) {
          owed.set(unit, verb)
          changed = true
        }
      }
      if (changed) await save()
    },
    settled: async units => {
      const removed = units.filter(unit => owed.delete(unit))
      if (removed.length > 0) await save()
    },
  }
}

function parse(text: string | null): [string, UnitReaction][] {
  if (text === null) return []
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value.filter(isEntry) : []
  } catch {
    return []
  }
}

function isEntry(value: unknown): value is [string, UnitReaction] {
  return Array.isArray(value) && typeof value[0] === 'string' && (value[1] === 'reload' || value[1] === 'restart')
}
