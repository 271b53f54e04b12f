import { type Command, InvalidArgumentError, type OptionValues } from '@commander-js/extra-typings'
import { allowHeldOption } from '../../allow-held.ts'
import { collectName, parseCount, parseDuration } from '../../arguments.ts'
import type { Parent } from '../../cli.ts'

/** What `upgrade plan` and `upgrade start` take. */
export function withCampaignOptions(parent: Parent, name: 'plan' | 'start') {
  const command = parent
    .command(name)
    .option('--to <version>', 'such as 17.12; default: the newest on offer for the major version of each cluster')
    .option('--cluster <name>', 'only these; may be repeated', collectName, NONE)
  return withPolicyOptions(command, 'cluster')
    .option('--per-node <count>', 'clusters under way with members on one node; default: 1', parseCount)
    .addOption(allowHeldOption())
}

/** How an upgrade goes through the fleet, cluster by cluster or host by host: `fleet.upgrades`, said for this one. */
export function withPolicyOptions<Options extends OptionValues>(
  command: Command<[], Options>,
  unit: 'cluster' | 'host',
) {
  const ofUnit = unit === 'cluster' ? 'label=value of its nodes' : 'label=value'
  return command
    .option(
      '--canary <name>',
      `first, and watched before anybody else begins; or ${ofUnit}; may be repeated`,
      collectSelector,
      NONE,
    )
    .option(
      '--stage <names>',
      `${unit}s of one stage, or ${ofUnit}, with commas; repeated in the order of stages`,
      collectStage,
      NO_STAGES,
    )
    .option('--by <label>', 'value after value of this node label within a stage, such as zone')
    .option('--soak <duration>', 'how long a wave is watched before the next one; default: 10m', parseSoak)
    .option(
      '--window <window>',
      `begins ${unit}s only then: "Sat,Sun 02:00-06:00 Europe/Berlin"; may be repeated`,
      collectText,
      NONE,
    )
    .option('--budget <count>', `${unit}s that may fail before nothing more is begun; default: 0`, parseWhole)
    .option('--at-once <count>', `${unit}s under way at the same time; default: 4`, parseCount)
    .option(
      '--per <label=count>',
      'of those, in one value of a node label: zone=2; may be repeated',
      collectCap,
      NO_CAPS,
    )
}

const NONE: readonly string[] = []
const NO_STAGES: readonly (readonly string[])[] = []
const NO_CAPS: Readonly<Record<string, number>> = {}

interface PolicyOptions {
  readonly canary: readonly string[]
  readonly stage: readonly (readonly string[])[]
  readonly by?: string | undefined
  readonly soak?: number | undefined
  readonly window: readonly string[]
  readonly budget?: number | undefined
  readonly atOnce?: number | undefined
  readonly perNode?: number | undefined
  readonly per: Readonly<Record<string, number>>
}

/** As the orchestrator wants it; what was not given is left to it. */
export function campaignRequest(
  options: PolicyOptions & {
    readonly to?: string | undefined
    readonly cluster: readonly string[]
    readonly allowHeld: readonly string[]
  },
): Readonly<Record<string, unknown>> {
  const { to, cluster, allowHeld } = options
  return { to, allowHeld, ...(cluster.length === 0 ? {} : { clusters: cluster }), ...policyRequest(options) }
}

export function policyRequest(options: PolicyOptions): Readonly<Record<string, unknown>> {
  const { canary, stage, by, soak, window, budget, atOnce, perNode, per } = options
  return {
    ...(canary.length === 0 ? {} : { canaries: canary }),
    ...(stage.length === 0 ? {} : { stages: stage }),
    by,
    ...(soak === undefined ? {} : { soakSeconds: soak / 1000 }),
    ...(window.length === 0 ? {} : { windows: window }),
    budget,
    caps: { fleet: atOnce, node: perNode, labels: per },
  }
}

function parseSoak(text: string): number {
  return text === '0' ? 0 : parseDuration(text)
}

export function parseWhole(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('a whole number from 0')
  return Number(text)
}

/** The name of a cluster, or `label=value`. */
function collectSelector(text: string, before: readonly string[]): readonly string[] {
  return /^[a-z][a-z0-9._/-]{0,62}=[A-Za-z0-9._-]{1,63}$/.test(text) ? [...before, text] : collectName(text, before)
}

function collectText(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

function collectStage(text: string, before: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return [...before, text.split(',').reduce<readonly string[]>((names, name) => collectSelector(name, names), [])]
}

export function collectCap(text: string, before: Readonly<Record<string, number>>): Record<string, number> {
  const [, label, count] = /^([a-z][a-z0-9._/-]{0,62})=([1-9]\d{0,4})$/.exec(text) ?? []
  if (label === undefined || count === undefined) throw new InvalidArgumentError('a cap like zone=2')
  return { ...before, [label]: Number(count) }
}
