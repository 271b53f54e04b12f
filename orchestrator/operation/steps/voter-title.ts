import type { EtcdChange } from '../../../shared/domain/etcd-command.ts'

const VOTER_TITLES: Readonly<Record<EtcdChange['do'], string>> = {
  'add-learner': 'add learner',
  promote: 'give a vote to',
  remove: 'remove voter',
}

/** What the change does, for a timeline. */
export function voterTitle(change: EtcdChange): string {
  return `${VOTER_TITLES[change.do]} ${change.name}`
}
