import type { CampaignStory } from '../../shared/domain/campaign-story.ts'
import { assertNever, DroverError } from '../../shared/domain/errors.ts'
import type { OperationId } from '../../shared/domain/ids.ts'
import type { OperationDetails } from '../../shared/domain/operation.ts'
import type { Journal } from './journal.ts'
import { agentStories } from './kinds/agents/agent-stories.ts'
import type { UpgradeAgentsInput } from './kinds/agents/upgrade-agents.ts'
import type { CampaignInput } from './kinds/campaign/campaign.ts'
import { type CampaignKind, isCampaign } from './kinds/campaign/campaign-kinds.ts'
import { clusterStories } from './kinds/campaign/cluster-stories.ts'
import { type StoryParts, storyParts, underWay } from './kinds/campaign/story-parts.ts'
import { componentStories } from './kinds/components/component-stories.ts'
import type { UpgradeComponentsInput } from './kinds/components/upgrade-components.ts'
import { detailsOf, type OperationRecord } from './record.ts'
import { isEnded } from './state.ts'

/** All that are: a campaign is older than the upgrades of its clusters. */
const REMEMBERED = 2_000

/** Of an upgrade of the fleet: the one that is named, else the one that runs, else the newest. Throws `not-found`. */
export async function readCampaignStory(
  wanted: OperationId | undefined,
  given: {
    readonly journal: Pick<Journal, 'list' | 'operation' | 'input' | 'steps'>
    readonly now: number
  },
): Promise<CampaignStory> {
  const { journal, now } = given
  const record = wanted === undefined ? await newest(journal) : await journal.operation(wanted)
  if (record === undefined || !isCampaign(record.kind))
    throw new DroverError(
      'not-found',
      wanted === undefined ? 'no upgrade of the fleet has been started' : `${wanted} is no upgrade of the fleet`,
      { hint: 'drover upgrade plan' },
    )
  const { id, kind, status, subject, createdAt } = record
  const steps = await journal.steps(id)
  const children = new Map<OperationId, OperationDetails>()
  for (const child of underWay(steps)) {
    const found = await journal.operation(child).catch(() => null)
    if (found !== null) children.set(child, detailsOf(found, await journal.steps(child)))
  }
  return {
    operationId: id,
    state: status.state,
    subject,
    createdAt,
    ...('endedAt' in status ? { endedAt: status.endedAt } : {}),
    now,
    ...partsOf(kind, await journal.input(id), storyParts({ steps, children })),
    ...('failure' in status ? { failure: status.failure } : {}),
  }
}

async function newest(journal: Pick<Journal, 'list'>): Promise<OperationRecord | undefined> {
  const campaigns = (await journal.list(REMEMBERED)).filter(({ kind }) => isCampaign(kind))
  return campaigns.find(({ status }) => !isEnded(status)) ?? campaigns[0]
}

/** Each kind reads back the input that it wrote itself. */
function partsOf(
  kind: CampaignKind,
  input: unknown,
  parts: StoryParts,
): Pick<CampaignStory, 'of' | 'waves' | 'clusters'> {
  switch (kind) {
    case 'upgrade':
      return { of: 'clusters', ...clusterStories(input as CampaignInput, parts) }
    case 'upgrade-agents':
      return { of: 'agents', ...agentStories(input as UpgradeAgentsInput, parts) }
    case 'upgrade-components':
      return { of: 'components', ...componentStories(input as UpgradeComponentsInput, parts) }
    default:
      return assertNever(kind)
  }
}
