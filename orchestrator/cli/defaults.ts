/** Where an orchestrator keeps its state unless told otherwise. */
export const DEFAULT_DIRECTORY = '/var/lib/drover'
