import type { HostFiles } from '../host/files-types.ts'
import type { Exec, HostAccounts } from '../host/host.ts'
import type { HostPackages } from '../host/packages.ts'
import type { Systemd } from '../host/systemd.ts'

/** The parts of the machine that a manifest speaks about. */
export interface ConvergeHost {
  readonly files: HostFiles
  readonly accounts: HostAccounts
  readonly exec: Exec
  readonly packages: HostPackages
  readonly systemd: Systemd
}

/** Has the fleet CA sign a request for a certificate item of the node's manifest. */
export type IssueCertificate = (request: {
  readonly itemName: string
  /** PKCS#10, DER. */
  readonly csr: Uint8Array
  readonly signal: AbortSignal
}) => Promise<{ readonly certificatePem: string; readonly caPem: string }>
