import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { describe, expect, it } from 'vitest'
import type { Cli } from './cli.ts'
import { completionScript } from './completion.ts'
import { createProgram } from './program.ts'

const output = { write: () => undefined, interactive: false, color: false, columns: 80 }
const cli: Cli = {
  terminal: { out: output, err: output },
  signal: new AbortController().signal,
  environment: {},
  connect: () => Promise.reject(new Error('not connected in this test')),
  readFile: () => Promise.reject(new Error('no files in this test')),
  writeFile: () => Promise.reject(new Error('no files in this test')),
  setExitCode: () => undefined,
}

describe('the command tree', () => {
  const program = createProgram(cli, '0.0.0')

  it('has the verbs that scripts rely on', () => {
    expect(paths(program)).toMatchInlineSnapshot(`
      [
        "init",
        "serve",
        "plan",
        "apply",
        "status",
        "drift",
        "node list",
        "node show",
        "node approve",
        "node label",
        "node drain",
        "node undrain",
        "node remove",
        "token create",
        "token list",
        "token revoke",
        "etcd defrag",
        "cluster list",
        "cluster show",
        "cluster psql",
        "cluster switchover",
        "cluster upgrade",
        "cluster update-extensions",
        "cluster failover",
        "cluster pause",
        "cluster unpause",
        "cluster restart",
        "cluster reload",
        "cluster reinit",
        "cluster move",
        "cluster replace",
        "cluster stop",
        "cluster start",
        "cluster remove",
        "cluster undo-remove",
        "cluster purge",
        "upgrade plan",
        "upgrade start",
        "upgrade status",
        "upgrade report",
        "upgrade pause",
        "upgrade resume",
        "upgrade abort",
        "upgrade agents",
        "upgrade components",
        "upgrade hold",
        "upgrade unhold",
        "upgrade note",
        "upgrade unnote",
        "operation list",
        "operation show",
        "operation watch",
        "operation cancel",
        "operation resume",
        "packages list",
        "packages extensions",
        "packages fill",
        "packages add",
        "import pigsty",
        "audit list",
        "audit verify",
        "completion",
      ]
    `)
  })

  it('offers JSON on every command that reads or watches', () => {
    const without = leaves(program)
      .filter(({ command }) => !command.options.some(option => option.long === '--json'))
      .map(({ path }) => path)
    expect(without).toEqual(['init', 'serve', 'cluster psql', 'completion'])
  })

  it('describes every command', () => {
    for (const { path, command } of leaves(program)) expect(command.summary(), path).not.toBe('')
  })

  it.each(['bash', 'zsh', 'fish'] as const)('completes in %s exactly what help knows', shell => {
    const script = completionScript(shell, program)
    expect(script).toContain('approve')
    expect(script).toContain(shell === 'fish' ? '-l explain' : '--explain')
  })
})

describe('a wrong word on the command line', () => {
  it.each([
    [['node', 'label', 'node-1', 'zone=a b'], '`zone=a b` is no change of a label'],
    [['node', 'label', 'node-1', 'zone'], '`zone` is no change of a label'],
    [['token', 'create', '--ttl', '3d'], 'at most 24h'],
    [['node', 'list', '--packages'], '--packages belongs to --json'],
  ])('%j is refused in words, before anything is asked', async (words, message) => {
    await expect(createProgram(cli, '0.0.0').parseAsync(['node', 'drover', ...words])).rejects.toThrow(
      expect.objectContaining({ name: 'DroverError', code: 'invalid', message: expect.stringContaining(message) }),
    )
  })
})

function leaves(
  command: CommandUnknownOpts,
  path: readonly string[] = [],
): { path: string; command: CommandUnknownOpts }[] {
  if (command.commands.length === 0) return [{ path: path.join(' '), command }]
  return command.commands.flatMap(child => leaves(child, [...path, child.name()]))
}

function paths(command: CommandUnknownOpts): string[] {
  return leaves(command).map(({ path }) => path)
}
