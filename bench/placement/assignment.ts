/** Where a placement puts things: for each cluster the ids of its nodes, that of the first primary first. */
export type Assignment = ReadonlyMap<string, readonly string[]>
