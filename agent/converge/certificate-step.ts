import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { DroverError } from '../../shared/domain/errors.ts'
import type { CertificateItem } from '../../shared/domain/manifest.ts'
import type { HostFiles } from '../host/files-types.ts'
import { certificateRequest } from '../keys/certificate-request.ts'
import { certificateProblem } from './certificate-check.ts'
import type { IssueCertificate } from './converge-host.ts'
import type { Owners } from './owners.ts'
import type { Step } from './step.ts'

export interface CertificateStepParts {
  readonly files: HostFiles
  readonly owners: Owners
  readonly issueCertificate: IssueCertificate
  readonly now: () => number
  readonly signal: AbortSignal
}

/** A key that is made here and never leaves, a certificate of the fleet CA for it, and the CA beside them. */
export function certificateStep(item: CertificateItem, parts: CertificateStepParts): Step {
  const { files, owners } = parts
  const outputs = [
    { path: item.keyPath, mode: '0600' },
    { path: item.certPath, mode: '0644' },
    { path: item.caPath, mode: '0644' },
  ].map(output => ({ ...output, owner: item.owner, group: item.group }))

  async function problem(key: KeyObject | null): Promise<string | null> {
    if (key === null) return 'there is no usable key'
    const [certificatePem, caPem] = await Promise.all([files.readText(item.certPath), files.readText(item.caPath)])
    if (certificatePem === null) return 'there is no certificate'
    if (caPem === null) return 'there is no CA beside it'
    return certificateProblem(item, { certificatePem, caPem, key }, parts.now())
  }

  return {
    kind: 'certificate',
    name: item.name,
    reactions: item.reactions,
    difference: async () => {
      const missing = await owners.missing({ ...item, mode: '0600' })
      if (missing !== null) return `${missing} does not exist`
      const why = await problem(await readKey(item.keyPath, files))
      if (why !== null) return why
      for (const output of outputs) {
        const stat = await files.lstat(output.path)
        const difference = stat === null ? 'does not exist' : await owners.difference(stat, output)
        if (difference !== null) return `${output.path}: ${difference}`
      }
      return null
    },
    change: async () => {
      const [keyOwner, certOwner, caOwner] = await Promise.all(outputs.map(output => owners.resolve(output)))
      if (keyOwner === undefined || certOwner === undefined || caOwner === undefined) return
      const known = await readKey(item.keyPath, files)
      const key = known ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      const why = await problem(known)
      if (known === null) await files.writeAtomic({ path: item.keyPath, content: keyPem(key), ...keyOwner })
      else await files.setAttributes({ path: item.keyPath, ...keyOwner })
      if (why === null) {
        await files.setAttributes({ path: item.certPath, ...certOwner })
        await files.setAttributes({ path: item.caPath, ...caOwner })
        return
      }
      const csr = certificateRequest({ ...item, key })
      const issued = await parts.issueCertificate({ itemName: item.name, csr, signal: parts.signal })
      const disk = { certificatePem: issued.certificatePem, caPem: issued.caPem, key }
      const unusable = certificateProblem(item, disk, parts.now())
      if (unusable !== null) throw new DroverError('failed', `the orchestrator issued a wrong certificate: ${unusable}`)
      await files.writeAtomic({ path: item.caPath, content: issued.caPem, ...caOwner })
      await files.writeAtomic({ path: item.certPath, content: issued.certificatePem, ...certOwner })
    },
  }
}

async function readKey(path: string, files: HostFiles): Promise<KeyObject | null> {
  const pem = await files.readText(path)
  if (pem === null) return null
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'ec' ? key : null
  } catch {
    return null
  }
}

function keyPem(key: KeyObject): string {
  return String(key.export({ type: 'pkcs8', format: 'pem' }))
}
