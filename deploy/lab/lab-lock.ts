import { withFileLock } from './file-lock.ts'
import type { LabContext } from './lab-context.ts'

/** Waits at most this long for another command on the same lab; an image build is the longest. */
const waitSeconds = 1800

/** Runs work under one of a lab's locks, and says so when it has to wait. */
export function labLock<T>(file: string, { report, signal }: LabContext, work: () => Promise<T>): Promise<T> {
  return withFileLock(
    { file, waitSeconds, signal, onWait: () => report('waiting for another command on this lab') },
    work,
  )
}
