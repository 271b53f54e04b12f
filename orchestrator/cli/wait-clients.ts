import { Option } from '@commander-js/extra-typings'
import { parseDuration } from './arguments.ts'

/** For commands that stop poolers in the end. */
export function waitClientsOption() {
  return new Option(
    '--wait-clients <duration>',
    'how long clients of a pooler that stops get to leave by themselves, while new ones go elsewhere; default: they are disconnected between two transactions',
  ).argParser(parseDuration)
}

/** As the request has it. */
export function patienceOf(waitClients: number | undefined): { readonly waitClientsSeconds?: number } {
  return waitClients === undefined ? {} : { waitClientsSeconds: waitClients / 1000 }
}
