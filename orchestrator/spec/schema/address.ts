import { z } from 'zod'
import { LABEL_RULE } from '../names.ts'
import { name } from './text.ts'

export const network = z.union([z.cidrv4(), z.cidrv6()], {
  error: 'must be a network such as `10.0.0.0/8` or `fd00::/8`',
})

/** Only nodes that have all of these. */
export const labels = z.record(name(LABEL_RULE), z.string().min(1).max(253))

const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/
const NUMBERS_AND_DOTS = /^[\d.]+$/

/** Digits and dots are an address or a slip, never a host's name. */
const node = z
  .union([z.ipv4(), z.ipv6(), z.string().regex(NODE_NAME)], {
    error: 'must be a node name as `drover node list` shows it, or its IP address',
  })
  .refine(text => !NUMBERS_AND_DOTS.test(text) || z.ipv4().safeParse(text).success, {
    error: 'must be an IP address or the name of a host',
    params: { code: 'bad-name' },
  })

export const nodes = z.array(node).min(1)
