import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DroverError } from '../../shared/domain/errors.ts'
import { type LabRoots, labPaths } from './lab-paths.ts'
import type { LabRecord } from './model.ts'

/** The record of a lab, or undefined when there is no such lab. */
export async function readRecord(name: string, roots: LabRoots): Promise<LabRecord | undefined> {
  const { recordFile } = labPaths(name, roots)
  const text = await readFile(recordFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as LabRecord
  } catch (cause) {
    throw new DroverError('failed', `${recordFile} is not readable as JSON`, {
      cause,
      hint: `end the lab: npm run lab -- down --name ${name}`,
    })
  }
}

export async function requireRecord(name: string, roots: LabRoots): Promise<LabRecord> {
  const record = await readRecord(name, roots)
  if (record !== undefined) return record
  throw new DroverError('not-found', `there is no lab named '${name}'`, {
    hint: `make one: npm run lab -- up --name ${name}`,
  })
}

/** Whole or not at all: written aside, synced, moved in place. */
export async function writeRecord(record: LabRecord, roots: LabRoots): Promise<void> {
  const { recordFile } = labPaths(record.name, roots)
  await mkdir(dirname(recordFile), { recursive: true, mode: 0o755 })
  const aside = `${recordFile}.new`
  const file = await open(aside, 'w', 0o644)
  await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`)
  await file.sync()
  await file.close()
  await rename(aside, recordFile)
}
