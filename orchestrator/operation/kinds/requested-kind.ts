import type { ZodType } from 'zod'
import { DroverError } from '../../../shared/domain/errors.ts'
import type { ClusterName } from '../../../shared/domain/ids.ts'
import type { Plan, PlanIntent } from '../../../shared/domain/plan.ts'
import type { Snapshot } from '../../../shared/domain/snapshot.ts'
import type { FleetSpec } from '../../../shared/domain/spec.ts'
import type { Clock } from '../../../shared/lib/clock.ts'
import type { Mutation } from '../../store/store.ts'
import type { FleetAccess } from '../dependencies.ts'
import type { Undertaking } from '../guard.ts'
import type { OperationKind, Program } from '../program.ts'

/** A kind that people start by its name, with a request in JSON. */
export interface RequestedKind extends OperationKind<unknown, unknown> {
  /** Throws `invalid` for a request that is none, and refuses what can be seen to be wrong at once; changes nothing. */
  prepare(request: unknown, desk: RequestDesk): Promise<Prepared<unknown>>
}

/** What an operation is about, before it begins. */
export interface Prepared<Input> {
  /** For people: `pg-main to pg-main-2`. */
  readonly subject: string
  readonly clusters: readonly ClusterName[]
  /** What may go wrong on a fleet that is not well. Absent: what its kind risks, on all these clusters. */
  readonly risks?: Undertaking['risks']
  /** Held from now to its end. */
  readonly locks: readonly string[]
  /** Journalled; JSON. */
  readonly input: Input
  /** Written in the transaction that begins the operation. */
  readonly decisions?: readonly Mutation[]
}

/** What a request is looked at with. */
export interface RequestDesk {
  readonly fleet: FleetAccess
  readonly clock: Pick<Clock, 'now'>
  readonly actor: string
  /** A plan against the fleet as it is now. Throws `conflict` with what speaks against it. */
  plan(wanted: {
    readonly spec: FleetSpec
    readonly intent: PlanIntent
    /** What will be otherwise by the time it is carried out. */
    readonly suppose?: (snapshot: Snapshot) => Snapshot
  }): Promise<Plan>
}

/** A kind with its request; each reads back the input that it wrote itself. */
export function onRequest<Request, Input, Output>(definition: {
  readonly kind: OperationKind<Input, Output>
  readonly request: ZodType<Request>
  prepare(request: Request, desk: RequestDesk): Promise<Prepared<Input>>
}): RequestedKind {
  const { kind, request: schema, prepare } = definition
  return {
    kind: kind.kind,
    run: (input, op) => kind.run(input as Input, op),
    prepare: (request, desk) => prepare(read(schema, request, kind.kind), desk),
  }
}

/** What a kind that acts would do: it has the same request and input, only looks, and holds nothing meanwhile. */
export function planKind<Request, Input, Output>(definition: {
  readonly kind: string
  readonly request: ZodType<Request>
  prepare(request: Request, desk: RequestDesk): Promise<Pick<Prepared<Input>, 'subject' | 'input'>>
  /** Changes nothing. */
  look(input: Input, op: Program): Promise<Output>
}): RequestedKind {
  const { kind, request, prepare, look } = definition
  return onRequest({
    kind: { kind, run: async (input: Input, op) => ({ output: await look(input, op) }) },
    request,
    async prepare(asked, desk) {
      const { subject, input } = await prepare(asked, desk)
      return { subject, clusters: [], locks: [], input }
    },
  })
}

function read<Request>(schema: ZodType<Request>, request: unknown, kind: string): Request {
  const parsed = schema.safeParse(request)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  throw new DroverError('invalid', `the request for ${kind} is not one: ${issues}`)
}
