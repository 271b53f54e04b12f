import { type Loose, type LooseText, looseMap, looseText, looseTexts } from '../loose.ts'
import type { Report } from '../report.ts'
import { suggestion } from './suggestion.ts'

/** Names of clusters in the policy of upgrades; `label=value` is only known of real nodes. */
export function checkUpgrades(fleet: Loose, clusters: readonly Loose[], report: Report): void {
  const upgrades = looseMap(fleet, 'upgrades')
  const declared = new Set(clusters.flatMap(cluster => looseText(cluster, 'name') ?? []))
  for (const { text, path } of [...looseTexts(upgrades, 'canaries'), ...stagesOf(upgrades)]) {
    if (text.includes('=') || declared.has(text)) continue
    const hint = suggestion(text, declared)
    report({
      code: 'unknown-cluster',
      message: `no cluster of this file is called \`${text}\``,
      path,
      ...(hint === undefined ? {} : { hint }),
    })
  }
}

function stagesOf(upgrades: Loose): readonly LooseText[] {
  const { stages } = upgrades.values
  if (!Array.isArray(stages)) return []
  return stages.flatMap((stage: unknown, index) =>
    Array.isArray(stage)
      ? stage.flatMap((text: unknown, position) =>
          typeof text === 'string' ? [{ path: [...upgrades.path, 'stages', index, position], text }] : [],
        )
      : [],
  )
}
