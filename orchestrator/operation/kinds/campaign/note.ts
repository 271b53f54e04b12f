import { z } from 'zod'
import { forgetReleaseNote, putReleaseNote } from '../../../inventory/release-notes.ts'
import { RELEASE_ACTIONS, type ReleaseNote } from '../../../plan/campaign/release-notes.ts'
import { onRequest } from '../requested-kind.ts'

const version = z.string().regex(/^\d{1,2}\.\d{1,3}$/, 'a minor release, such as 17.8')
const note = z.strictObject({
  version,
  action: z.enum(RELEASE_ACTIONS),
  what: z.string().min(1),
  extension: z.string().optional(),
  source: z.string().min(1),
})

interface NoteInput {
  readonly version: string
  readonly note: ReleaseNote | null
}

/** `drover upgrade note`: shown by the plan of every upgrade that passes the release. `note: null` takes it back. */
export const noteRelease = onRequest({
  kind: {
    kind: 'upgrade-note',
    run: async (input: NoteInput, op) => ({
      output: await op.step({
        title: `${input.note === null ? 'forget the note of' : 'note'} ${input.version}`,
        act: async () => ({
          result: input,
          detail: input.note?.what ?? 'forgotten',
          alongside: [input.note === null ? forgetReleaseNote(input.version) : putReleaseNote(input.note)],
        }),
      }),
    }),
  },
  request: z.strictObject({ version, note: note.omit({ version: true }).nullable() }),
  prepare: async ({ version: release, note: given }) => ({
    subject: release,
    clusters: [],
    locks: [],
    input: { version: release, note: given === null ? null : noteOf(release, given) },
  }),
})

function noteOf(release: string, { extension, ...given }: Omit<z.output<typeof note>, 'version'>): ReleaseNote {
  return { version: release, ...given, ...(extension === undefined ? {} : { extension }) }
}
