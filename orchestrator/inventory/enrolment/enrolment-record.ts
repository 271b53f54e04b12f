import type { NodeId } from '../../../shared/domain/ids.ts'
import { encodeJson } from '../../events/json.ts'
import type { Mutation } from '../../store/store.ts'

/** What a (token, CSR) pair got, so that an agent which lost the answer gets the same one again. */
export interface EnrolmentRecord {
  readonly nodeId: NodeId
  /** Unix milliseconds at which the certificate was made. */
  readonly answeredAt?: number
  readonly certificatePem?: string
}

export function enrolmentKey(tokenId: string, csrHash: string): string {
  return `enrolments/${tokenId}/${csrHash}`
}

export function putEnrolment(tokenId: string, csrHash: string, record: EnrolmentRecord): Mutation {
  return { kind: 'put', key: enrolmentKey(tokenId, csrHash), value: encodeJson(record) }
}
