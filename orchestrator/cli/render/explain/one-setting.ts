import type { PlanResponse__Output } from '../../../../proto/gen/drover/v1/PlanResponse.ts'
import { didYouMean } from '../../../../shared/domain/closest-word.ts'
import { DroverError } from '../../../../shared/domain/errors.ts'
import type { Output } from '../../terminal.ts'
import { kernelLines } from './kernel.ts'
import { settingLines } from './settings.ts'

/**
 * One setting on every cluster, member and host that has it, by its whole name or without the program's
 * (`synchronous_node_count`), or a whole family (`pgbouncer`, `vm`). Throws `invalid`
 * with the nearest name when the plan has none.
 */
export function renderSetting(output: Output, plan: PlanResponse__Output, name: string): string {
  const isMeant = (setting: { readonly name: string }): boolean =>
    setting.name === name || setting.name.startsWith(`${name}.`) || setting.name.endsWith(`.${name}`)
  const settings = plan.settings.filter(isMeant)
  const kernel = plan.kernel.filter(isMeant)
  if (settings.length + kernel.length === 0) throw unknownSetting(plan, name)
  const lines = [...settingLines(output, { ...plan, settings }), ...kernelLines(output, { ...plan, kernel })]
  return `${lines.join('\n')}\n`
}

function unknownSetting(plan: PlanResponse__Output, name: string): DroverError {
  const names = [...new Set([...plan.settings, ...plan.kernel].map(setting => setting.name))]
  return new DroverError('invalid', `this plan sets no ${name}`, {
    hint: didYouMean(name, names) ?? 'drover plan --explain without a name shows every setting',
  })
}
