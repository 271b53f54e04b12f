import { patroniDynamicConfig } from './dynamic-config.ts'
import { provisionArgs } from './provision-args.ts'
import type { Renderer } from './render-input.ts'
import { renderNode } from './render-node.ts'

/** The data path, as the planner takes it. */
export const renderer: Renderer = { renderNode, patroniDynamicConfig, provisionArgs }
