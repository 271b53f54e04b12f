import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { CommandKind, CommandOutcome } from '../../shared/domain/command.ts'
import { FINDING_CODES, type Finding, SEVERITIES } from '../../shared/domain/health.ts'
import type { EnrolmentRefusalReason } from '../inventory/enrolment/refusal.ts'

/** What is asked at each scrape. */
export interface MetricSources {
  nodesByState(): Promise<ReadonlyMap<string, number>>
  operationsByState(): Promise<ReadonlyMap<string, number>>
  sessions(): number
  storeRevision(): Promise<number>
  findings(): Promise<readonly Finding[]>
}

/** Prometheus metrics of the orchestrator. Labels are closed sets: no names, no addresses, no secrets. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #issued: Counter<'kind'>
  readonly #finished: Counter<'kind' | 'outcome'>
  readonly #refused: Counter<'reason'>

  constructor() {
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    this.#issued = new Counter({
      name: 'drover_commands_issued_total',
      help: 'Signed commands made',
      labelNames: ['kind'],
      registers,
    })
    this.#finished = new Counter({
      name: 'drover_commands_finished_total',
      help: 'Commands that ended, by outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    })
    this.#refused = new Counter({
      name: 'drover_enrolments_refused_total',
      help: 'Enrolments and recoveries turned away, by reason',
      labelNames: ['reason'],
      registers,
    })
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  commandIssued(kind: CommandKind): void {
    this.#issued.inc({ kind })
  }

  commandFinished(kind: CommandKind, state: CommandOutcome['state']): void {
    this.#finished.inc({ kind, outcome: state })
  }

  enrolmentRefused(reason: EnrolmentRefusalReason): void {
    this.#refused.inc({ reason })
  }

  /** Called once; until then the gauges below are not there. */
  watch(sources: MetricSources): void {
    const gauges = [
      gaugeByState('drover_nodes', 'Nodes by state', () => sources.nodesByState()),
      gaugeByState('drover_operations', 'Latest operations by state', () => sources.operationsByState()),
      gauge('drover_sessions', 'Agents that are connected', async () => sources.sessions()),
      gauge('drover_store_revision', 'Revision of the store', () => sources.storeRevision()),
      findingsGauge(() => sources.findings()),
    ]
    for (const each of gauges) this.#registry.registerMetric(each)
  }

  render(): Promise<string> {
    return this.#registry.metrics()
  }
}

function gauge(name: string, help: string, read: () => Promise<number>): Gauge {
  return new Gauge({
    name,
    help,
    registers: [],
    async collect() {
      this.set(await read())
    },
  })
}

function gaugeByState(name: string, help: string, count: () => Promise<ReadonlyMap<string, number>>): Gauge<'state'> {
  return new Gauge({
    name,
    help,
    labelNames: ['state'],
    registers: [],
    async collect() {
      this.reset()
      for (const [state, value] of await count()) this.set({ state }, value)
    },
  })
}

/** Every code is there with 0, so that an alert on it can be written before it happens. */
function findingsGauge(read: () => Promise<readonly Finding[]>): Gauge<'code' | 'severity'> {
  return new Gauge({
    name: 'drover_health_findings',
    help: 'Nodes, clusters, instances and voters that are not well, by finding',
    labelNames: ['code', 'severity'],
    registers: [],
    async collect() {
      const found = await read()
      for (const code of FINDING_CODES)
        for (const severity of SEVERITIES)
          this.set({ code, severity }, found.filter(each => each.code === code && each.severity === severity).length)
    },
  })
}
