import { expect, it } from 'vitest'
import type { FleetRuntime } from '../../shared/domain/runtime.ts'
import type { FleetRuntimes } from '../../shared/domain/snapshot.ts'
import { renderNode } from './render/render-node.ts'
import { testingInput } from './render/testing-input.ts'
import { ledTo, withoutRuntime, withRuntime } from './runtime-manifest.ts'

const packages = [{ name: 'postgresql-17', version: '17.12-1' }]
const newer: FleetRuntime = {
  id: '17.12-3f9a1c20',
  os: 'debian13',
  postgresVersion: 17,
  serverVersion: '17.12',
  packages,
}
const other: FleetRuntime = { ...newer, id: '17.13-00000000', serverVersion: '17.13' }

function rendered(runtimes: Partial<FleetRuntimes>) {
  const input = testingInput()
  const known = { [newer.id]: newer, [other.id]: other }
  const all = { known, ofInstance: {}, ofCluster: {}, staged: {}, ...runtimes }
  return renderNode({ ...input, snapshot: { ...input.snapshot, runtimes: all } })
}

it('changes of a manifest leave what the planner would render then', () => {
  const before = rendered({})
  const laidOut = withRuntime(withRuntime(before, other), newer)
  expect(laidOut).toEqual(rendered({ staged: { 'id-2': [newer.id, other.id] } }))
  expect(withRuntime(laidOut, newer)).toBe(laidOut)
  const led = ledTo(laidOut, 'pg-main-2', newer.id)
  expect(led).toEqual(rendered({ staged: { 'id-2': [newer.id, other.id] }, ofInstance: { 'pg-main-2': newer.id } }))
  expect(withoutRuntime(led, other.id)).toEqual(rendered({ ofInstance: { 'pg-main-2': newer.id } }))
  expect(withoutRuntime(withoutRuntime(ledTo(led, 'pg-main-2', null), other.id), newer.id)).toEqual(before)
})
