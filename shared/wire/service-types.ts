import type { ServiceDefinition } from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CallContext, CallOptions } from 'nice-grpc'

/** What proto-loader's generated types leave out and nice-grpc cannot infer: which sides of a method stream. */
export type MethodKind = 'unary' | 'server-stream' | 'bidi'
/** Every method of a service with its kind; the compiler refuses a missing or a superfluous name. */
export type MethodKinds<Definition extends ServiceDefinition> = Readonly<Record<MethodName<Definition>, MethodKind>>

export type MethodName<Definition> = keyof {
  [Name in keyof Definition as string extends Name ? never : number extends Name ? never : Name]: true
} &
  keyof Definition

/** The handlers of a service, named as in the proto. They throw DroverError; the bridge translates it. */
export type ServerOf<Definition extends ServiceDefinition, Kinds extends MethodKinds<Definition>> = {
  [Name in MethodName<Definition>]: Handler<Definition[Name], Kinds[Name]>
}

/** A service seen from a client. Calls throw DroverError; an aborted signal throws AbortError. */
export type ClientOf<Definition extends ServiceDefinition, Kinds extends MethodKinds<Definition>> = {
  readonly [Name in MethodName<Definition>]: Call<Definition[Name], Kinds[Name]>
}

type Handler<Method, Kind> =
  Method extends MethodDefinition<infer _RequestIn, infer ResponseIn, infer RequestOut, infer _ResponseOut>
    ? Kind extends 'unary'
      ? (request: RequestOut, context: CallContext) => Promise<ResponseIn>
      : Kind extends 'server-stream'
        ? (request: RequestOut, context: CallContext) => AsyncIterable<ResponseIn>
        : (requests: AsyncIterable<RequestOut>, context: CallContext) => AsyncIterable<ResponseIn>
    : never

type Call<Method, Kind> =
  Method extends MethodDefinition<infer RequestIn, infer _ResponseIn, infer _RequestOut, infer ResponseOut>
    ? Kind extends 'unary'
      ? (request: RequestIn, options?: CallOptions) => Promise<ResponseOut>
      : Kind extends 'server-stream'
        ? (request: RequestIn, options?: CallOptions) => AsyncIterable<ResponseOut>
        : (requests: AsyncIterable<RequestIn>, options?: CallOptions) => AsyncIterable<ResponseOut>
    : never
