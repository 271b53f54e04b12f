import { DroverError } from '../../shared/domain/errors.ts'
import type { HostFiles } from '../host/files-types.ts'
import type { CapabilityPolicy } from './policy.ts'

const LISTS = ['kinds', 'paths', 'units', 'packages'] as const

/** The policy of the machine; allows everything when there is none. Throws `denied` for one that cannot be relied on: nothing runs then. */
export async function readPolicy(files: HostFiles, path: string): Promise<CapabilityPolicy> {
  const stat = await files.lstat(path)
  if (stat === null) return {}
  const hint = `make ${path} a file of root that nobody else can write`
  if (stat.kind !== 'file') throw new DroverError('denied', `the policy ${path} is a ${stat.kind}`, { hint })
  if (stat.uid !== 0 || (stat.mode & 0o022) !== 0) {
    throw new DroverError('denied', `the policy ${path} can be written by others than root`, { hint })
  }
  return parsePolicy((await files.readText(path)) ?? '', path)
}

export function parsePolicy(text: string, path: string): CapabilityPolicy {
  const bad = (why: string) =>
    new DroverError('denied', `the policy ${path} ${why}`, {
      hint: `it is a JSON object with any of the lists ${LISTS.join(', ')}`,
    })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw bad('is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad('is no JSON object')
  for (const [key, list] of Object.entries(value)) {
    if (!LISTS.some(name => name === key)) throw bad(`has an unknown key ${JSON.stringify(key)}`)
    const isList = Array.isArray(list) && list.every(item => typeof item === 'string')
    if (!isList) throw bad(`has something else than a list of texts at ${key}`)
  }
  return value
}
