import type { Item } from './cluster-context.ts'

export type HbaDraft = Item<'hba'>
