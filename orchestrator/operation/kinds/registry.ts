import { requestedReinit } from './reinit/requested-reinit.ts'
import { requestedReload } from './reload/requested-reload.ts'
import type { RequestedKind } from './requested-kind.ts'
import { requestedRestart } from './restart/requested-restart.ts'
import { requestedSwitchover } from './switchover/requested-switchover.ts'

/** Every kind that can be asked for by name. */
export const REQUESTED_KINDS: readonly RequestedKind[] = [
  requestedReinit,
  requestedReload,
  requestedRestart,
  requestedSwitchover,
]
