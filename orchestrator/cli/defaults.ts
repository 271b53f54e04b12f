/** Where an orchestrator keeps its state unless told otherwise: not where hosts keep theirs, so that a machine can be both. */
export const DEFAULT_DIRECTORY = '/var/lib/drover-orchestrator'
