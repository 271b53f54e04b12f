import { InvalidArgumentError, Option } from '@commander-js/extra-typings'
import { FINDING_CODES, type FindingCode } from '../../shared/domain/health.ts'

/** For commands that a fleet which is not well may refuse. */
export function ignoreHealthOption() {
  return new Option('--ignore-health <code>', 'go ahead in spite of this finding of `drover status` (repeatable)')
    .argParser(collectCode)
    .default([] as readonly FindingCode[], 'none')
}

function collectCode(text: string, codes: readonly FindingCode[]): readonly FindingCode[] {
  const code = FINDING_CODES.find(each => each === text)
  if (code === undefined) throw new InvalidArgumentError(`one of ${FINDING_CODES.join(', ')}`)
  return [...codes, code]
}
