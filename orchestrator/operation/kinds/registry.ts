import { requestedAgentsPlan, requestedUpgradeAgents } from './agents/requested-upgrade-agents.ts'
import { campaignControl } from './campaign/control.ts'
import { holdRelease } from './campaign/hold.ts'
import { noteRelease } from './campaign/note.ts'
import { requestedCampaign } from './campaign/requested-campaign.ts'
import { requestedLook } from './campaign/requested-look.ts'
import { requestedRenewComponent } from './components/requested-renew-component.ts'
import { requestedComponentsPlan, requestedUpgradeComponents } from './components/requested-upgrade-components.ts'
import { etcdDefrag } from './etcd/defrag.ts'
import { requestedUpdateExtensions } from './extensions/requested-update-extensions.ts'
import { requestedFailover } from './failover/requested-failover.ts'
import { drain } from './nodes/drain.ts'
import { removeNode } from './nodes/remove-node.ts'
import { undrain } from './nodes/undrain.ts'
import { requestedPause, requestedUnpause } from './pause/requested-pause.ts'
import { requestedReinit } from './reinit/requested-reinit.ts'
import { requestedReload } from './reload/requested-reload.ts'
import { move, replace } from './relocate/move.ts'
import type { RequestedKind } from './requested-kind.ts'
import { requestedRestart } from './restart/requested-restart.ts'
import { requestedSwitchover } from './switchover/requested-switchover.ts'
import { requestedUpgradeCluster } from './upgrade/requested-upgrade-cluster.ts'
import { erase, purge } from './whole-clusters/erase.ts'
import { removeCluster } from './whole-clusters/remove-cluster.ts'
import { startCluster } from './whole-clusters/start-cluster.ts'
import { stopCluster } from './whole-clusters/stop-cluster.ts'
import { undoRemove } from './whole-clusters/undo-remove.ts'

/** Every kind that can be asked for by name. */
export const REQUESTED_KINDS: readonly RequestedKind[] = [
  drain,
  erase,
  etcdDefrag,
  move,
  purge,
  removeCluster,
  removeNode,
  replace,
  requestedFailover,
  requestedPause,
  requestedUnpause,
  requestedReinit,
  requestedReload,
  requestedRestart,
  requestedSwitchover,
  requestedUpdateExtensions,
  requestedUpgradeCluster,
  requestedCampaign,
  requestedLook,
  requestedUpgradeAgents,
  requestedAgentsPlan,
  requestedUpgradeComponents,
  requestedComponentsPlan,
  requestedRenewComponent,
  holdRelease,
  noteRelease,
  campaignControl,
  startCluster,
  stopCluster,
  undoRemove,
  undrain,
]
