/**
 * Starts the packaged Patroni with four waits shortened; no file of the package is changed, and what a version does not have is left alone.
 * - Patroni opens its etcd connections without TCP_NODELAY: each write waits some 40 ms for a delayed acknowledgement.
 * - It looks once a second whether a stopping PostgreSQL has stopped.
 * - After naming a synchronous standby it always sleeps 2 s before it looks whether the standby is synchronous.
 * - Its HTTP server asks DNS for this host's full name, which it never uses: up to 10 s where DNS does not answer.
 * The guard matters: Patroni starts PostgreSQL through multiprocessing, which imports this file again.
 */
export const PATRONI_LAUNCHER_TEXT = `"""Starts the packaged Patroni with shorter waits (see the Drover handbook, "Data path")."""
import socket
import sys
import time


class ShortSyncWait:
    """The time module, but the fixed pause after naming a synchronous standby is short."""

    CALLERS = ('process_sync_replication', '_process_multisync_replication')

    def __getattr__(self, name):
        return getattr(time, name)

    def sleep(self, seconds):
        caller = sys._getframe(1).f_code.co_name
        time.sleep(min(seconds, 0.25) if caller in self.CALLERS else seconds)


def shorten_waits():
    # In this order: patroni.ha first is a circular import in Patroni 4.
    import patroni.postgresql
    import patroni.ha
    from patroni.dcs.etcd3 import Etcd3

    original = Etcd3.set_socket_options

    def set_socket_options(self, sock, options):
        original(self, sock, options)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    Etcd3.set_socket_options = set_socket_options
    patroni.postgresql.STOP_POLLING_INTERVAL = 0.05
    patroni.ha.time = ShortSyncWait()
    socket.getfqdn = lambda name='': name or socket.gethostname()


def main():
    try:
        shorten_waits()
    except (ImportError, AttributeError) as error:
        print('drover: Patroni runs with its own waits:', error, file=sys.stderr)
    from patroni.__main__ import main as patroni_main
    sys.exit(patroni_main())


if __name__ == '__main__':
    main()
`
