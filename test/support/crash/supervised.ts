import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { waitUntil } from '../wait-until.ts'

/** For a machine that is busy with other things. */
const PATIENCE_MS = 120_000

type Message = Readonly<Record<string, unknown>>

/** A process that is started again whenever it is killed, as systemd would. */
export class Supervised {
  /** What it said since it was started last. */
  messages: Message[] = []
  kills = 0
  readonly #script: string
  #args: readonly string[]
  #child: ChildProcessByStdio<Writable, Readable, null> | undefined
  #isWanted = false

  constructor(script: string, ...args: readonly string[]) {
    this.#script = script
    this.#args = args
  }

  start(): void {
    this.#isWanted = true
    this.messages = []
    const child = spawn(process.execPath, [this.#script, ...this.#args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'drover-compile-cache'), NODE_NO_WARNINGS: '1' },
    })
    this.#child = child
    child.stdin.on('error', () => undefined)
    createInterface({ input: child.stdout }).on('line', line => this.messages.push(JSON.parse(line) as Message))
    child.once('exit', (code, signal) => {
      if (this.#child !== child || !this.#isWanted) return
      if (signal === 'SIGKILL') this.kills += 1
      else throw new Error(`${this.#script} ended by itself: ${code ?? signal}`)
      this.start()
    })
  }

  /** Once more, about something else. */
  async restartWith(...args: readonly string[]): Promise<void> {
    await this.end()
    this.#args = args
    this.start()
    await this.ready()
  }

  /** What it says once it serves. */
  async ready(): Promise<Message> {
    return waitUntil(() => this.#readiness() ?? null, PATIENCE_MS)
  }

  /** Its places of death, from now on. Told once more to the next process when this one dies of an earlier word. */
  async arm(text: string): Promise<void> {
    let told: unknown
    let before = 0
    const armed = () => this.messages.filter(message => message['armed'] === text).length
    await waitUntil(() => {
      const child = this.#child
      if (child === undefined || this.#readiness() === undefined) return null
      if (told === child) return armed() > before ? true : null
      told = child
      before = armed()
      child.stdin.write(`${text}\n`)
      return null
    }, PATIENCE_MS)
  }

  #readiness(): Message | undefined {
    return this.messages.find(message => message['ready'] === true)
  }

  /** Since it was armed last. */
  reached(): readonly string[] {
    const armed = this.messages.findLastIndex(message => 'armed' in message)
    return this.messages
      .slice(armed + 1)
      .flatMap(message => (typeof message['reached'] === 'string' ? [message['reached']] : []))
  }

  /** Frozen by SIGSTOP. */
  isStopped(): boolean {
    const { pid } = this.#child ?? {}
    return pid !== undefined && /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  }

  /** Of the process that runs now. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  signal(name: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(name)
  }

  async end(): Promise<void> {
    this.#isWanted = false
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
}
