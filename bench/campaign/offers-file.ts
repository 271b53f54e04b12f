/** `both` in it: the newer version is on offer, too. Beside the orchestrator's folder. */
export const OFFERS_FILE = 'offers'
