/**
 * Starts the packaged Patroni with its fixed pauses cut short, and one list kept up to date; no file of the package is changed, and what a version does not
 * have is left alone, each for itself. Known: Patroni 3.0.2 (Debian 12) and 4.0.7 (Debian 13).
 * - Patroni opens its etcd connections without TCP_NODELAY: each write waits some 40 ms for a delayed acknowledgement.
 * - It looks once a second whether a stopping PostgreSQL has stopped, a starting one listens, and a promoted one is writable. The
 *   launcher reads the state of a stopping one from pg_control itself.
 * - It sleeps 2 s on the old primary, and on every standby that is not the candidate, to let the candidate take the lead. The
 *   launcher asks meanwhile whether another member leads, and never waits longer than Patroni.
 * - It sleeps 1 s before it asks whether a standby has all of a stopped primary (not in 3): the launcher waits until the processes that
 *   send WAL have ended, which is when standbys have confirmed all of it. And 2 s after naming a synchronous standby.
 * - With `use_proxies` it takes etcd's addresses from its file once, when it starts: a Patroni beside a voter would know fewer and
 *   fewer living voters as they move. The launcher has a reload take them again.
 * - It notices that its server has died when its loop comes round, after as long as `loop_wait`. The launcher watches the server's
 *   process and wakes the loop.
 * - It starts PostgreSQL through a new Python that loads most of Patroni first: 0.2 s of processor time while clients wait. The
 *   launcher's own function in its place needs nothing of Patroni.
 * - When a primary has started again in place and its loop is faster than its standbys, it stops waiting for them, to begin again when they
 *   are back: commits in between are on one server. The launcher gives standbys the time to come back, as Patroni does in its quorum mode.
 * - Its HTTP server asks DNS for this host's full name, which it never uses: up to 10 s where DNS does not answer.
 * The guard matters: Patroni starts PostgreSQL through multiprocessing, which imports this file again.
 */
export const PATRONI_LAUNCHER_TEXT = `"""Starts the packaged Patroni with shorter waits (see the Drover handbook, "Data path")."""
import os
import select
import socket
import subprocess
import sys
import threading
import time

LOOK_EVERY = 0.02
LOOK_AT_SERVER_EVERY = 0.005
# Each of these looks starts a program of PostgreSQL.
LOOK_BY_PROGRAM_EVERY = 0.04
# Where pg_control has its DBState: after the system identifier (8 bytes) and two versions of 4 bytes; DB_SHUTDOWNED.
STATE, SHUT_DOWN = slice(16, 20), 1
LOOK_FOR_SERVER_EVERY = 0.5
# A server's processes end when they notice that its first one has.
CHILDREN_END_WITHIN = 0.2
STANDBYS_RETURN_WITHIN = 1.5


def another_leads(names):
    # Patroni's copy of etcd may still show the lease that it has just given up.
    ha = names['self']
    leader = ha.dcs.get_cluster().leader
    return leader is not None and leader.name not in (None, '', ha.state_handler.name)


def has_stopped(names):
    server = names['self']
    with open(os.path.join(server.data_dir, 'global', 'pg_control'), 'rb') as control:
        state = int.from_bytes(control.read(STATE.stop)[STATE], sys.byteorder)
    return state == SHUT_DOWN or not names['postmaster'].is_running()


def standbys_have_all(names):
    # A process that sends WAL ends when its standby has confirmed the last of it.
    server = names['self'].state_handler._postmaster_proc.pid
    with open('/proc/%d/task/%d/children' % (server, server)) as children:
        return not any(sends_wal(child) for child in children.read().split())


def sends_wal(process):
    try:
        with open('/proc/%s/cmdline' % process, 'rb') as command:
            return b'walsender' in command.read()
    except FileNotFoundError:
        return False


# Pauses that end when what they wait for has come, by the function that pauses.
AWAITED = {
    'demote': (another_leads, LOOK_EVERY),
    'process_unhealthy_cluster': (another_leads, LOOK_EVERY),
    '_do_stop': (has_stopped, LOOK_AT_SERVER_EVERY),
    'on_shutdown': (standbys_have_all, LOOK_AT_SERVER_EVERY),
    '_on_shutdown': (standbys_have_all, LOOK_AT_SERVER_EVERY),
}
# Pauses that are shorter at most, in seconds: Patroni looks by itself after them. A standby that lacks the end of a stopped server's WAL
# then is asked no more, and the lease is given up when the server has ended, which has sent all by then.
SHORTER = {
    'on_shutdown': 0.1,
    '_on_shutdown': 0.1,
    '_wait_for_connection_close': LOOK_BY_PROGRAM_EVERY,
    'wait_for_startup': LOOK_BY_PROGRAM_EVERY,
    'process_sync_replication': 0.25,
    '_process_multisync_replication': 0.25,
}


class EventfulTime:
    """The time module, but a pause ends when what it waits for has come."""

    def __getattr__(self, name):
        return getattr(time, name)

    def sleep(self, seconds):
        frame = sys._getframe(1)
        caller = frame.f_code.co_name
        longest = min(seconds, SHORTER.get(caller, seconds))
        if caller in AWAITED:
            sleep_until(AWAITED[caller], frame.f_locals, longest)
        else:
            time.sleep(longest)


def sleep_until(awaited, names, seconds):
    has_come, look_every = awaited
    end = time.monotonic() + seconds
    while True:
        try:
            if has_come(names):
                return
        except Exception:
            # A question that cannot be answered now, or that this version does not know: the pause is as long as it was.
            pass
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, look_every))


def connect_without_delay():
    from patroni.dcs.etcd3 import Etcd3
    original = Etcd3.set_socket_options

    def set_socket_options(self, sock, options):
        original(self, sock, options)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    Etcd3.set_socket_options = set_socket_options


def take_etcd_hosts_at_reload():
    from patroni.dcs.etcd3 import Etcd3
    original = Etcd3.reload_config

    def reload_config(self, config):
        original(self, config)
        section = config.get('etcd3') or {}
        client, protocol = self._client, section.get('protocol', 'http')
        hosts = ['%s://%s' % (protocol, host) for host in section.get('hosts') or []]
        proxies = bool(section.get('use_proxies'))
        if not hosts or (hosts == client._config.get('hosts') and proxies == bool(client._use_proxies)):
            return
        client._config['hosts'] = hosts
        client._use_proxies = proxies
        client._load_machines_cache()

    Etcd3.reload_config = reload_config


def notice_the_end():
    import patroni.postgresql
    patroni.postgresql.STOP_POLLING_INTERVAL  # raises where there is none
    patroni.postgresql.time  # as well
    patroni.postgresql.time = EventfulTime()


def look_often_for_start_and_promotion():
    import patroni.postgresql
    original = patroni.postgresql.polling_loop

    def polling_loop(timeout, interval=1):
        return original(timeout, min(interval, LOOK_BY_PROGRAM_EVERY))

    patroni.postgresql.polling_loop = polling_loop


def end_pauses_in_time():
    import patroni.postgresql  # before patroni.ha, or Patroni 4 imports in a circle
    import patroni.ha
    patroni.ha.time  # raises where there is none
    patroni.ha.time = EventfulTime()


def wake_when_the_server_dies():
    import patroni.postgresql  # before patroni.ha, or Patroni 4 imports in a circle
    from patroni.ha import Ha
    os.pidfd_open  # raises where there is none
    original = Ha.__init__

    def __init__(self, *args, **kwargs):
        original(self, *args, **kwargs)
        threading.Thread(target=watch_servers, args=(self,), daemon=True).start()

    Ha.__init__ = __init__


def watch_servers(ha):
    seen = None
    while True:
        try:
            seen = watch_server(ha, seen)
        except Exception:
            # What cannot be watched is found by the loop, as ever.
            seen = None
        time.sleep(LOOK_FOR_SERVER_EVERY)


def watch_server(ha, seen):
    process = ha.state_handler._postmaster_proc
    if process is None or process == seen:
        return seen
    descriptor = os.pidfd_open(process.pid)
    try:
        # Otherwise the number may be somebody else's by now.
        if process.is_running():
            ended = select.poll()
            ended.register(descriptor, select.POLLIN)
            ended.poll()
            time.sleep(CHILDREN_END_WITHIN)
            ha.wakeup()
    finally:
        os.close(descriptor)
    return process


def keep_synchronous_standbys_at_a_start():
    import patroni.postgresql  # before patroni.ha, or Patroni 4 imports in a circle
    from patroni.ha import Ha
    original = Ha.process_sync_replication

    def process_sync_replication(self):
        if standbys_are_about_to_return(self):
            threading.Timer(0.1, self.wakeup).start()
        else:
            original(self)

    Ha.process_sync_replication = process_sync_replication


def standbys_are_about_to_return(ha):
    try:
        server, sync = ha.state_handler, ha.cluster.sync
        age = time.time() - server._postmaster_proc.create_time()
        if sync.is_empty or sync.leader != server.name or not 0 <= age < STANDBYS_RETURN_WITHIN:
            return False
        rows = server.query("SELECT application_name FROM pg_stat_replication WHERE state = 'streaming'")
        streaming = {row[0].lower() for row in rows}
        return not {name.lower() for name in sync.members} <= streaming
    except Exception:
        return False


def start_server(connection, command, environment):
    # Runs in a process of its own, which ends and leaves the server to the system, as Patroni's function in this place does.
    os.setsid()
    try:
        connection.send(subprocess.Popen(command, close_fds=True, env=environment).pid)
    except Exception as error:
        print('drover: cannot start', command, error, file=sys.stderr)
        connection.send(None)
    connection.close()


def start_servers_without_patroni():
    import inspect
    from patroni.postgresql import postmaster
    parameters = inspect.signature(postmaster.pg_ctl_start).parameters
    if list(parameters) != ['conn', 'cmdline', 'env']:
        raise TypeError('pg_ctl_start takes %s' % list(parameters))
    postmaster.pg_ctl_start = start_server


def ask_no_dns():
    socket.getfqdn = lambda name='': name or socket.gethostname()


SHORTEN = (
    connect_without_delay,
    take_etcd_hosts_at_reload,
    notice_the_end,
    look_often_for_start_and_promotion,
    end_pauses_in_time,
    wake_when_the_server_dies,
    start_servers_without_patroni,
    keep_synchronous_standbys_at_a_start,
    ask_no_dns,
)


def main():
    for shorten in SHORTEN:
        try:
            shorten()
        except Exception as error:
            print('drover: a wait of Patroni stays as it is:', shorten.__name__, error, file=sys.stderr)
    from patroni.__main__ import main as patroni_main
    sys.exit(patroni_main())


if __name__ == '__main__':
    main()
`
