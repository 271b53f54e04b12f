import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { writeDurably } from '../../shared/lib/durable-file.ts'
import type { InstalledPackage, ResolvedPackage } from './package-repository.ts'
import type { PackageRequest } from './package-request.ts'
import { requestText } from './package-request.ts'

const MOST_ANSWERS = 200

const AnswersFile = z.object({
  version: z.literal(1),
  answers: z.array(
    z.object({
      key: z.string(),
      packages: z.array(
        z.object({
          name: z.string(),
          version: z.string(),
          architecture: z.string(),
          sizeBytes: z.number(),
          sha256: z.string(),
          filename: z.string(),
        }),
      ),
    }),
  ),
})

type Answer = z.infer<typeof AnswersFile>['answers'][number]

/** What was resolved before, so that the same request needs neither apt nor a network. Newest first; the file may be lost without harm. */
export interface Answers {
  find(key: string): Promise<readonly ResolvedPackage[] | undefined>
  remember(key: string, packages: readonly ResolvedPackage[]): Promise<void>
}

export function openAnswers(path: string): Answers {
  return {
    async find(key) {
      return (await readAnswers(path)).find(answer => answer.key === key)?.packages
    },
    async remember(key, packages) {
      const others = (await readAnswers(path)).filter(answer => answer.key !== key)
      const answers = [{ key, packages }, ...others].slice(0, MOST_ANSWERS)
      await writeDurably(path, `${JSON.stringify({ version: 1, answers })}\n`)
    },
  }
}

/** Names a request: its packages in any order, and what the hosts have. */
export function answerKey({
  requests,
  installed,
}: {
  requests: readonly PackageRequest[]
  installed: readonly InstalledPackage[] | null
}): string {
  const wanted = requests.map(requestText).sort()
  const present = installed?.map(item => `${item.name} ${item.version} ${item.architecture}`).sort() ?? null
  return createHash('sha256').update(JSON.stringify({ wanted, present })).digest('hex')
}

/** A file that cannot be read or understood holds no answers: they are only ever a saving. */
async function readAnswers(path: string): Promise<readonly Answer[]> {
  try {
    return AnswersFile.parse(JSON.parse(await readFile(path, 'utf8'))).answers
  } catch {
    return []
  }
}
