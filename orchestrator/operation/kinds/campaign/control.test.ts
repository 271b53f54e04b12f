import { describe, expect, it } from 'vitest'
import type { CampaignControl } from '../../../../shared/domain/campaign.ts'
import { engineTools, TEST_OPERATION } from '../../../../test/support/engine-tools.ts'
import { temporaryStore } from '../../../../test/support/temporary-store.ts'
import { readCampaignControl } from '../../../inventory/fleet-campaign.ts'
import { type EngineTools, runOperation } from '../../engine.ts'
import { CAMPAIGN_KINDS } from './campaign-kinds.ts'
import { campaignControl } from './control.ts'

const CONTROL: CampaignControl = { paused: false, caps: { fleet: 4, node: 1, labels: { zone: 2 } } }

describe('what people say while an upgrade of the fleet runs', () => {
  it.each(CAMPAIGN_KINDS)('goes to the one that runs, be it %s, and changes only what is named', async kind => {
    await using world = createWorld(kind)
    expect(await world.say({ paused: true })).toMatchObject({
      state: 'done',
      output: { campaign: 'campaign-1', kind, paused: true, caps: CONTROL.caps },
    })
    expect(await world.control()).toEqual({ ...CONTROL, paused: true })
    await world.say({ caps: { fleet: 1 } })
    expect(await world.control()).toEqual({ paused: true, caps: { ...CONTROL.caps, fleet: 1 } })
    await world.say({ paused: false, caps: { labels: {} } })
    expect(await world.control()).toEqual({ paused: false, caps: { fleet: 1, node: 1, labels: {} } })
  })

  it('is refused when none runs', async () => {
    await using world = createWorld(null)
    expect(await world.say({ paused: true })).toMatchObject({ state: 'failed', failure: { code: 'not-found' } })
    expect(await world.control()).toBe(undefined)
  })
})

function createWorld(running: string | null) {
  const temporary = temporaryStore()
  const { store } = temporary
  let said = 0
  return {
    control: () => readCampaignControl(store, 'campaign-1'),
    say,
    [Symbol.asyncDispose]: temporary[Symbol.asyncDispose],
  }

  async function say(change: object) {
    said += 1
    const record = { ...TEST_OPERATION, id: `op-${said}`, kind: campaignControl.kind, clusters: [], locks: [] }
    const tools = toolsOf()
    await tools.journal.create({ record, steps: [], input: { change }, decisions: [] })
    const { signal } = new AbortController()
    await runOperation({ id: record.id, kind: campaignControl, tools, signal, stopping: signal })
    return (await tools.journal.operation(record.id)).status
  }

  function toolsOf(): EngineTools {
    const plain = engineTools(store)
    return {
      ...plain,
      fleet: { ...plain.fleet, campaignControl: id => readCampaignControl(store, id) },
      children: {
        ...plain.children,
        running: async kinds =>
          running !== null && kinds.includes(running)
            ? { operationId: 'campaign-1', kind: running, input: { control: CONTROL } }
            : null,
      },
    }
  }
}
