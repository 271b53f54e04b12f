/** In front of a program: a mount namespace of its own, so that whatever it mounts ends with it, even when it is killed. */
export const privateMounts: readonly string[] = ['unshare', '--mount', '--propagation', 'private', '--']
