/** What a relocation answers with. */
export interface MovesAnswer {
  readonly moves: readonly { readonly from: string; readonly to?: string; readonly node?: string }[]
}

/** `pg-main-2 is now pg-main-4 on node-4`, one line a member. */
export function renderMoves({ moves }: MovesAnswer): string {
  return moves
    .map(({ from, to, node }) =>
      to === undefined ? `${from} left` : `${from} is now ${to} on ${node ?? 'another node'}`,
    )
    .join('\n')
}
