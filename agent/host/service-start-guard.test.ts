import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createHost } from './host.ts'
import { createServiceStartGuard } from './service-start-guard.ts'

describe('forbidding service starts during an installation', () => {
  let root: string
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'drover-guard-'))
    await mkdir(join(root, 'usr/sbin'), { recursive: true })
  })
  afterEach(() => rm(root, { recursive: true }))

  const guard = () => createServiceStartGuard(createHost({ root }).files)
  const policy = () => join(root, 'usr/sbin/policy-rc.d')

  it('leaves nothing behind', async () => {
    await guard().impose()
    expect(await readFile(policy(), 'utf8')).toContain('exit 101')
    await guard().lift()
    expect(await readdir(join(root, 'usr/sbin'))).toEqual([])
  })

  it("gives back somebody else's policy, also when it was killed between the two steps", async () => {
    await writeFile(policy(), 'theirs')
    await guard().impose()
    await guard().impose()
    await guard().lift()
    expect(await readFile(policy(), 'utf8')).toBe('theirs')
    await guard().impose()
    await rm(policy())
    await guard().lift()
    expect(await readFile(policy(), 'utf8')).toBe('theirs')
  })

  it('does not touch a policy that is not its own', async () => {
    await writeFile(policy(), 'theirs')
    await guard().lift()
    expect(await readFile(policy(), 'utf8')).toBe('theirs')
  })
})
