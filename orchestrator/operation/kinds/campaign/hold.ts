import { z } from 'zod'
import { forgetHeldRelease, putHeldRelease } from '../../../inventory/held-releases.ts'
import { onRequest } from '../requested-kind.ts'

const version = z.string().regex(/^\d{1,2}\.\d{1,3}$/, 'a minor release, such as 17.8')

/** `drover upgrade hold`: nobody moves there unless they name it. `because: null` lets it go again. */
export const holdRelease = onRequest({
  kind: {
    kind: 'upgrade-hold',
    run: async (input: { readonly version: string; readonly because: string | null }, op) => ({
      output: await op.step({
        title: `${input.because === null ? 'release' : 'hold'} ${input.version}`,
        act: async () => ({
          result: input,
          detail: input.because ?? 'held no longer',
          alongside: [
            input.because === null
              ? forgetHeldRelease(input.version)
              : putHeldRelease({ version: input.version, because: input.because }),
          ],
        }),
      }),
    }),
  },
  request: z.strictObject({ version, because: z.string().min(1).nullable() }),
  prepare: async request => ({ subject: request.version, clusters: [], locks: [], input: request }),
})
