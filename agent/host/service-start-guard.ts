import type { HostFiles } from './files-types.ts'

const POLICY = '/usr/sbin/policy-rc.d'
const SAVED = '/usr/sbin/policy-rc.d.drover-saved'
const MARK = '# drover-agent: temporary'
const CONTENT = `#!/bin/sh
${MARK}: no service starts by itself while packages are being installed
exit 101
`

/**
 * Debian packages start their services when they are installed, unless policy-rc.d forbids it. The agent forbids it for the time of an
 * installation only, because order and time of every start belong to the manifest. A policy-rc.d of somebody else is put aside and comes
 * back. Every state in between is recognised by `lift`, so a killed agent repairs it when it runs again.
 */
export interface ServiceStartGuard {
  impose(): Promise<void>
  lift(): Promise<void>
}

export function createServiceStartGuard(files: HostFiles): ServiceStartGuard {
  const isOurs = async () => (await files.readText(POLICY))?.includes(MARK) ?? false
  return {
    impose: async () => {
      if (await isOurs()) return
      if ((await files.lstat(POLICY)) !== null) await files.rename({ from: POLICY, to: SAVED })
      await files.writeAtomic({ path: POLICY, content: CONTENT, mode: 0o755 })
    },
    lift: async () => {
      const there = (await files.lstat(POLICY)) !== null
      if (there && !(await isOurs())) return
      if ((await files.lstat(SAVED)) !== null) await files.rename({ from: SAVED, to: POLICY })
      else if (there) await files.remove({ path: POLICY })
    },
  }
}
