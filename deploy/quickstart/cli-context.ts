import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

interface ContextFile {
  readonly current: string
  readonly contexts: Readonly<Record<string, unknown>>
}

/** Makes the quickstart's orchestrator the one that a plain `drover` talks to. */
export async function useContext(path: string, name: string, socket: string): Promise<void> {
  const contexts = { ...(await read(path))?.contexts, [name]: { kind: 'socket', path: socket } }
  await write(path, { current: name, contexts })
}

/** Forgets it; the file goes with its last context. */
export async function dropContext(path: string, name: string): Promise<void> {
  const file = await read(path)
  if (file === null) return
  const { [name]: _, ...contexts } = file.contexts
  const [first] = Object.keys(contexts)
  if (first === undefined) await rm(path, { force: true })
  else await write(path, { current: file.current === name ? first : file.current, contexts })
}

async function read(path: string): Promise<ContextFile | null> {
  const text = await readFile(path, 'utf8').catch(() => null)
  return text === null ? null : (JSON.parse(text) as ContextFile)
}

async function write(path: string, file: ContextFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`)
}
