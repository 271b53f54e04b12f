import { DroverError } from '../../shared/domain/errors.ts'
import type { AddHosts } from './add-hosts.ts'
import { createLab, isLabRunning, type LabSpec, openLab, rejectProblem } from './create-lab.ts'
import type { Lab } from './lab.ts'
import type { LabContext } from './lab-context.ts'
import { labLock } from './lab-lock.ts'
import { checkLabName, labPaths } from './lab-paths.ts'
import { readRecord } from './lab-record.ts'

export interface BringUp {
  readonly spec: LabSpec
  readonly hosts: AddHosts
}

/**
 * `lab up`: a lab with at least this many hosts, all of them on. A lab with a running host is completed and keeps
 * its disks; one without, for example after this machine crashed, is made afresh.
 */
export function bringUp(request: BringUp, context: LabContext): Promise<Lab> {
  rejectProblem(checkLabName(request.spec.name))
  return labLock(labPaths(request.spec.name, context.roots).upLockFile, context, () => completeOrMake(request, context))
}

async function completeOrMake({ spec, hosts }: BringUp, context: LabContext): Promise<Lab> {
  const known = await readRecord(spec.name, context.roots).catch(() => undefined)
  if (known === undefined || !(await isLabRunning(spec.name, context))) {
    const lab = await createLab(spec, context)
    context.report(`network ${spec.subnet} in the namespace ${lab.namespace}`)
    await lab.addHosts(hosts)
    return lab
  }
  if (known.subnet !== spec.subnet) throw otherSubnet(spec, known.subnet)
  const lab = await openLab(spec.name, context)
  const off = (await lab.status())
    .filter(host => host.state === 'off' || host.state === 'broken')
    .map(host => host.name)
  if (off.length > 0) {
    context.report(`powering on ${off.join(', ')}`)
    await lab.powerOn(off)
  }
  const missing = hosts.count - known.hosts.length
  if (missing > 0) await lab.addHosts({ ...hosts, count: missing })
  return lab
}

function otherSubnet({ name, subnet }: LabSpec, actual: string): DroverError {
  return new DroverError('conflict', `the lab '${name}' is running with the subnet ${actual}, not ${subnet}`, {
    hint: `end it first: npm run lab -- down --name ${name}, or choose another --name`,
  })
}
