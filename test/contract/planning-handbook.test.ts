import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCli } from '../support/cli-run.ts'

const HANDBOOK = new URL('../../docs/planning.md', import.meta.url)
const FILE = /^```\w+ (?<name>\S+\.\w+)\n(?<content>[^]*?)^```$/gm
const COMMAND = /^```console\n\$ drover (?<words>[^|\n]+?)(?: \| grep -A (?<after>\d+) '(?<from>[^']+)')?\n[^]*?^```$/gm

/** `npm run test:integration -- planning-handbook -u` writes what the commands print now. */
describe('the handbook of planning', () => {
  const handbook = readFileSync(HANDBOOK, 'utf8')
  const files = Object.fromEntries(
    [...handbook.matchAll(FILE)].map(({ groups }) => [groups?.['name'], groups?.['content']]),
  )
  const commands = [...handbook.matchAll(COMMAND)]

  it('shows what its commands print', async () => {
    let retold = handbook
    for (const [block, words = '', after, from] of commands) {
      const { out } = await runCli(words.split(' '), { files })
      const shown = from === undefined ? out : excerpt(out, from, Number(after))
      retold = retold.replace(block, () => `${block.split('\n', 2).join('\n')}\n${shown}\`\`\``)
    }
    await expect(retold).toMatchFileSnapshot(HANDBOOK.pathname)
  })

  it('shows the picture that its command draws', async () => {
    const drawn = commands.flatMap(([, words = '']) => (words.includes('--output') ? [words.split(' ')] : []))
    expect(drawn).toHaveLength(1)
    for (const words of drawn)
      for (const [path, picture] of Object.entries((await runCli(words, { files })).written)) {
        expect(handbook).toContain(`(${path.replace('docs/', '')})`)
        await expect(picture).toMatchFileSnapshot(new URL(`../../${path}`, import.meta.url).pathname)
      }
  })
})

function excerpt(text: string, from: string, after: number): string {
  const lines = text.split('\n')
  const start = lines.findIndex(line => line.includes(from))
  return `${lines
    .slice(start, start + after + 1)
    .join('\n')
    .trimEnd()}\n`
}
