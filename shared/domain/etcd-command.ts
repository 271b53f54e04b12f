import type { InstanceName } from './ids.ts'
import type { EtcdWatch } from './manifest.ts'

export type EtcdChange =
  /** It gets all data and has no vote. */
  | { readonly do: 'add-learner'; readonly name: string; readonly peerUrl: string }
  /** A learner that has caught up votes from now on; waits until it has. */
  | { readonly do: 'promote'; readonly name: string; readonly peerUrl: string }
  | { readonly do: 'remove'; readonly name: string }

export interface EtcdMemberArgs extends Omit<EtcdWatch, 'name'> {
  readonly change: EtcdChange
}

export interface EtcdMaintainArgs extends Omit<EtcdWatch, 'name'> {
  readonly do: 'defragment' | 'disarm'
}

export interface ForgetScopeArgs extends Omit<EtcdWatch, 'name'> {
  /** The cluster's name. */
  readonly scope: string
  /** Only this one. */
  readonly member?: InstanceName
}
