import { type Loose, looseText } from '../loose.ts'
import type { Report } from '../report.ts'
import { suggestion } from './suggestion.ts'

/** An owner, where one is given, is a user of the cluster. */
export function checkOwner({
  item,
  what,
  users,
  report,
}: {
  readonly item: Loose
  readonly what: string
  readonly users: ReadonlySet<string>
  readonly report: Report
}): void {
  const owner = looseText(item, 'owner')
  if (owner === undefined || users.has(owner)) return
  report({
    code: 'unknown-owner',
    message: `${what} \`${looseText(item, 'name') ?? '?'}\` is owned by \`${owner}\`, which is not a user of this cluster`,
    path: [...item.path, 'owner'],
    hint: suggestion(owner, users) ?? `Add \`- name: ${owner}\` to the cluster's \`users\`.`,
  })
}
