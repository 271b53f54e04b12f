import type { ObjectReference } from '../../../shared/domain/object-reference.ts'
import { HIDDEN_PREFIX } from '../../../shared/domain/retire.ts'
import type { RetiredObject } from '../../../shared/domain/snapshot.ts'

/** PostgreSQL's limit for a name, in bytes; names of a fleet file are ASCII. */
const LONGEST = 63
const HASH_LETTERS = 8

/** What a database or schema is called while it is kept: the same for the same name. */
export function hiddenName({ kind, name }: ObjectReference): Pick<RetiredObject, 'hiddenAs'> {
  if (kind !== 'database' && kind !== 'schema') return {}
  const room = LONGEST - HIDDEN_PREFIX.length
  if (name.length <= room) return { hiddenAs: HIDDEN_PREFIX + name }
  return { hiddenAs: `${HIDDEN_PREFIX}${name.slice(0, room - HASH_LETTERS - 1)}_${hash(name)}` }
}

/** FNV-1a: names that are cut alike stay apart. */
function hash(text: string): string {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  return value.toString(16).padStart(HASH_LETTERS, '0')
}
