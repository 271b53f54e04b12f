import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import type { Problem } from '../../shared/domain/problem.ts'
import { type AddressPlan, planAddresses } from './address-plan.ts'
import { createCgroup, findHierarchies, isPopulated } from './cgroups.ts'
import { destroyLab } from './destroy-lab.ts'
import { createLabHandle, type Lab } from './lab.ts'
import type { LabContext } from './lab-context.ts'
import { labLock } from './lab-lock.ts'
import { checkLabName, labPaths } from './lab-paths.ts'
import { readRecord, requireRecord, writeRecord } from './lab-record.ts'
import { createNetworkCommands } from './network-commands.ts'

export interface LabSpec {
  readonly name: string
  readonly subnet: string
}

export const defaultLab: LabSpec = { name: 'lab', subnet: '10.10.10.0/24' }

/**
 * Makes a lab's network, without hosts yet, so that an orchestrator can listen in it before they boot.
 * Remains of a lab of that name that has no running process are cleared first; a running one is a `conflict`.
 */
export async function createLab(spec: LabSpec, context: LabContext): Promise<Lab> {
  const addresses = checkSpec(spec)
  const paths = labPaths(spec.name, context.roots)
  return labLock(paths.lockFile, context, async () => {
    if (await isLabRunning(spec.name, context)) {
      throw new DroverError('conflict', `a lab named '${spec.name}' is running`, {
        hint: `end it first: npm run lab -- down --name ${spec.name}, or choose another --name`,
      })
    }
    await clearRemains(spec.name, context)
    const { unified } = await findHierarchies()
    await createCgroup(unified, [paths.cgroup])
    for (const argv of createNetworkCommands(paths.namespace, addresses))
      await context.run({ argv, signal: context.signal })
    await writeRecord({ ...spec, hosts: [], cuts: [] }, context.roots)
    return createLabHandle({ name: spec.name, addresses, context })
  })
}

/** A lab that is there already. Throws `not-found`. */
export async function openLab(name: string, context: LabContext): Promise<Lab> {
  const record = await requireRecord(name, context.roots)
  return createLabHandle({ name, addresses: checkSpec(record), context })
}

/** Ends a lab; nothing of it is left, and nothing happens when there is none. */
export async function endLab(name: string, context: LabContext): Promise<void> {
  rejectProblem(checkLabName(name))
  const { lockFile, upLockFile } = labPaths(name, context.roots)
  await labLock(upLockFile, context, () =>
    labLock(lockFile, context, async () => {
      await destroyLab(name, context)
      for (const file of [lockFile, upLockFile]) await rm(file, { force: true })
    }),
  )
  await rmdir(context.roots.runtimeRoot).catch(() => undefined)
}

export async function isLabRunning(name: string, { roots }: LabContext): Promise<boolean> {
  const { unified } = await findHierarchies()
  return isPopulated(join(unified, labPaths(name, roots).cgroup))
}

function checkSpec({ name, subnet }: LabSpec): AddressPlan {
  rejectProblem(checkLabName(name))
  const addresses = planAddresses(subnet)
  if ('code' in addresses) throw invalid(addresses)
  return addresses
}

async function clearRemains(name: string, context: LabContext): Promise<void> {
  const { namespace } = labPaths(name, context.roots)
  const netns = await readdir('/run/netns').catch((): string[] => [])
  const remains = netns.includes(namespace) || (await readRecord(name, context.roots).catch(() => true)) !== undefined
  if (remains) context.report(`clearing what an earlier lab '${name}' left`)
  await destroyLab(name, context)
}

/** Turns a problem into the error of this effectful side; nothing has changed yet. */
export function rejectProblem(problem: Problem | undefined): void {
  if (problem !== undefined) throw invalid(problem)
}

function invalid(problem: Problem): DroverError {
  return new DroverError('invalid', problem.message, {
    problems: [problem],
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  })
}
