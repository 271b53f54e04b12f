import { DroverError } from '../../shared/domain/errors.ts'
import type { CertificateItem } from '../../shared/domain/manifest.ts'
import { factsOf, type NodeCertificates } from '../inventory/enrolment/node-certificates.ts'
import type { FleetState } from '../inventory/fleet-state.ts'
import type { NodeRecord } from '../inventory/node-record.ts'
import type { NodeRegistry } from '../inventory/node-registry.ts'
import type { Audit } from '../observe/audit-log.ts'
import type { Dispatcher } from './dispatcher.ts'

/** What the desk needs of the certificate authority. */
export interface ServiceCertificates {
  /** For the public key of the CSR; names and usages are those of the item, whatever the CSR asks for. */
  issueService(item: CertificateItem, csr: Uint8Array): Promise<{ readonly pem: string; readonly serial: string }>
}

export interface CertificateDeskDeps {
  readonly registry: NodeRegistry
  readonly state: FleetState
  readonly dispatcher: Dispatcher
  readonly audit: Audit
  readonly certificates: NodeCertificates & ServiceCertificates
  readonly caPem: string
}

export interface CertificateAnswer {
  readonly certificatePem: string
  readonly caPem: string
}

/** Signs for nodes: their own identity again, and what their own manifest says they need. Nothing else. */
export class CertificateDesk {
  readonly #deps: CertificateDeskDeps

  constructor(deps: CertificateDeskDeps) {
    this.#deps = deps
  }

  async renew(node: NodeRecord, csr: Uint8Array): Promise<CertificateAnswer> {
    const { certificates, registry, audit, caPem } = this.#deps
    await certificates.check(csr)
    const certificate = await certificates.issue(node, csr)
    await registry.update(node.id, record => {
      if (record.generation !== node.generation) throw new DroverError('denied', `${node.name} has a new generation`)
      return { ...record, certificate: factsOf(certificate) }
    })
    await audit.append({
      type: 'certificate:renewed',
      actor: `node:${node.name}`,
      subject: node.name,
      detail: `serial ${certificate.serial} until ${new Date(certificate.notAfter).toISOString()}`,
    })
    return { certificatePem: certificate.pem, caPem }
  }

  async issue(
    node: NodeRecord,
    request: { readonly itemName: string; readonly csr: Uint8Array },
  ): Promise<CertificateAnswer> {
    const { certificates, audit, caPem } = this.#deps
    const who = { actor: `node:${node.name}`, subject: request.itemName.slice(0, 100) }
    try {
      const item = await this.#item(node, request.itemName)
      const { pem, serial } = await certificates.issueService(item, request.csr)
      const detail = `serial ${serial}, ${item.commonName} for ${item.sans.join(' ')}`
      await audit.append({ type: 'certificate:issued', ...who, detail })
      return { certificatePem: pem, caPem }
    } catch (error) {
      const failure = DroverError.from(error)
      await audit.append({ type: 'certificate:refused', ...who, detail: failure.message })
      throw failure
    }
  }

  /** Of a manifest that is on its way to the node, or of the one it has. */
  async #item(node: NodeRecord, name: string): Promise<CertificateItem> {
    const applied = await this.#deps.state.manifest(node.id)
    const manifests = [
      ...this.#deps.dispatcher.manifestsInFlight(node.id),
      ...(applied === undefined ? [] : [applied.manifest]),
    ]
    const item = manifests.flatMap(({ certificates }) => certificates).find(certificate => certificate.name === name)
    if (item !== undefined) return item
    throw new DroverError('denied', `the manifest of ${node.name} has no certificate ${JSON.stringify(name)}`)
  }
}
