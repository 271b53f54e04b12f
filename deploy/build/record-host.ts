import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { collectFacts } from '../../agent/facts/collect-facts.ts'
import type { FilesystemSpace, HostFiles } from '../../agent/host/files-types.ts'
import { createHost, type Host } from '../../agent/host/host.ts'

/**
 * `node deploy/build/record-host.ts DIRECTORY`: records what the inventory reads on this machine into a tree like those below
 * test/fixtures/hosts, so that a machine whose facts are wrong can be sent and become a test. Serial numbers, UUIDs, the machine
 * id, MAC addresses and the host's name are replaced; addresses and package lists are kept.
 */
const output = process.argv[2]
if (output === undefined) {
  process.stderr.write('usage: node deploy/build/record-host.ts DIRECTORY\n')
  process.exitCode = 2
} else {
  await record(output)
}

async function record(directory: string): Promise<void> {
  const machine = createHost()
  const root = join(directory, 'root')
  const statfs: Record<string, FilesystemSpace> = {}
  const programs: Record<string, string> = {}
  const files: HostFiles = {
    ...machine.files,
    readText: async path => keep(path, await machine.files.readText(path)),
    readBytes: async path => keepSerialPage(path, await machine.files.readBytes(path)),
    list: async path => keepDirectories(path, await machine.files.list(path)),
    stat: async path => keepPresence(path, await machine.files.stat(path)),
    readlink: async path => keepLink(path, await machine.files.readlink(path)),
    statfs: async path => {
      const space = await machine.files.statfs(path)
      if (space !== null) statfs[path] = space
      return space
    },
  }
  const exec: Host['exec'] = async options => {
    const result = await machine.exec(options)
    if (result.code === 0) programs[options.argv.join(' ')] = result.stdout
    return result
  }
  await collectFacts({ host: { ...machine, files, exec }, signal: new AbortController().signal })
  const answers = { statfs, addresses: await machine.addresses(), programs }
  await writeFile(join(directory, 'answers.json'), `${JSON.stringify(answers, null, 2)}\n`)
  process.stdout.write(`recorded to ${directory}: look through it before you send it\n`)

  async function keep(path: string, text: string | null): Promise<string | null> {
    if (text !== null) await put(path, scrub(path, text))
    return text
  }

  async function keepSerialPage(path: string, bytes: Uint8Array | null): Promise<Uint8Array | null> {
    if (bytes !== null) await put(path, Buffer.concat([Buffer.from([0, 0x80, 0, 8]), Buffer.from('SERIAL01')]))
    return bytes
  }

  async function keepDirectories(path: string, names: readonly string[] | null): Promise<readonly string[] | null> {
    for (const name of names ?? []) await keepPresence(join(path, name), await machine.files.stat(join(path, name)))
    return names
  }

  async function keepPresence<T extends { readonly kind: string } | null>(path: string, stat: T): Promise<T> {
    const link = await machine.files.readlink(path)
    if (link !== null) await keepLink(path, link)
    else if (stat?.kind === 'directory') await put(join(path, '.keep'), '')
    else if (stat?.kind === 'file' && !path.startsWith('/sys/')) await put(path, '')
    return stat
  }

  async function keepLink(path: string, target: string | null): Promise<string | null> {
    if (target !== null) {
      const at = join(root, path)
      await mkdir(dirname(at), { recursive: true })
      await symlink(target, at).catch(ignoreExisting)
      if (!target.startsWith('/') && !path.startsWith('/proc/')) {
        // The path may itself lead through a link that was recorded before.
        await mkdir(join(await realpath(dirname(at)), target), { recursive: true })
      }
    }
    return target
  }

  async function put(path: string, content: string | Uint8Array): Promise<void> {
    const at = join(root, path)
    await mkdir(dirname(at), { recursive: true })
    await writeFile(at, content)
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

function scrub(path: string, text: string): string {
  if (path === '/etc/machine-id') return '0123456789abcdef0123456789abcdef\n'
  if (path.endsWith('serial')) return 'SERIAL01\n'
  if (path.endsWith('product_uuid')) return '01234567-89ab-cdef-0123-456789abcdef\n'
  if (/\/sys\/class\/net\/.*\/address$/.test(path)) return '02:00:00:00:00:01\n'
  if (path === '/proc/sys/kernel/hostname' || path === '/etc/hostname') return 'recorded-host\n'
  if (path === '/var/lib/dpkg/status') return onlyVersions(text)
  return text
}

/** Of each package only what the inventory reads. */
function onlyVersions(status: string): string {
  const paragraphs = status.split('\n\n').map(paragraph =>
    paragraph
      .split('\n')
      .filter(line => /^(Package|Status|Version|Architecture): /.test(line))
      .join('\n'),
  )
  return `${paragraphs.filter(Boolean).join('\n\n')}\n`
}
