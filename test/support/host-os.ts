import { type OsName, suites } from '../../deploy/lab/model.ts'

/** What hosts of tests run: `DROVER_TEST_OS=debian12 sh test/drill/run.sh NAME`; Debian 13 unless told otherwise. */
export function hostOs(): OsName {
  const wanted = process.env['DROVER_TEST_OS'] ?? 'debian13'
  const known = (Object.keys(suites) as OsName[]).find(os => os === wanted)
  if (known === undefined) throw new Error(`DROVER_TEST_OS is ${wanted}: one of ${Object.keys(suites).join(', ')}`)
  return known
}
