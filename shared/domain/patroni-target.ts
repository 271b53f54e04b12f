import type { InstanceName } from './ids.ts'

/** The REST interface of an instance's Patroni, and the certificates of whoever asks. */
export interface PatroniTarget {
  readonly instance: InstanceName
  readonly patroniUrl: string
  readonly caPath: string
  readonly certPath: string
  readonly keyPath: string
}
