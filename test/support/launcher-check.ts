import type { Lab } from '../../deploy/lab/lab.ts'
import { PATRONI_LAUNCHER } from '../../orchestrator/plan/render/paths.ts'

/** How Drover's launcher and the Patroni of a host fit together. */
export interface LauncherCheck {
  /** What the launcher could not shorten. */
  readonly refused: readonly string[]
  /** Functions of Patroni's loop, and of its server's life, that sleep for a fixed time. */
  readonly sleepers: readonly string[]
  /** Of those, the ones whose pause the launcher ends in time. */
  readonly shortened: readonly string[]
  /** Seconds that the old primary's pause of 2 s takes when another member leads after 0.1 s, when nobody does, and when etcd's copy still shows itself. */
  readonly pauses: { readonly another: number; readonly nobody: number; readonly itself: number }
  /** Seconds that the pause of 1 s takes while a server stops whose pg_control says after 0.2 s that it has, and never. */
  readonly stopping: { readonly stops: number; readonly stays: number }
  /** Whether standbys are taken to have all: while a process sends WAL, and when it has ended. */
  readonly sent: { readonly during: boolean; readonly after: boolean }
  /** Where Patroni's client looks for etcd after a reload with other addresses: of one beside a voter, of another one, and of both with the same file. */
  readonly etcd: { readonly beside: readonly string[]; readonly remote: readonly string[]; readonly asked: number }
  /** Seconds after its death until the loop is woken by a server that the launcher watches. */
  readonly woken: number
  /** Whether the list of synchronous standbys is left alone for now: of a server that has just started while they are away, and are back; and of an old one while they are away. */
  readonly kept: { readonly away: boolean; readonly back: boolean; readonly old: boolean }
}

/** Runs on a host, with its Patroni and the launcher that is installed there. */
export async function checkLauncher(lab: Lab, node: string): Promise<LauncherCheck> {
  const { stdout } = await lab.exec(node, ['python3', '-', PATRONI_LAUNCHER], { input: CHECK })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as LauncherCheck
}

const CHECK = `
import ast, importlib.util, json, sys, time
from types import SimpleNamespace

spec = importlib.util.spec_from_file_location('launch', sys.argv[1])
launch = importlib.util.module_from_spec(spec)
spec.loader.exec_module(launch)

refused = []
for shorten in launch.SHORTEN:
    try:
        shorten()
    except Exception as error:
        refused.append('%s: %s' % (shorten.__name__, error))

import patroni.ha
sleepers = set()

def walk(node, name):
    for child in ast.iter_child_nodes(node):
        inner = child.name if isinstance(child, ast.FunctionDef) else name
        if isinstance(child, ast.Call) and ast.unparse(child.func) == 'time.sleep':
            sleepers.add(name)
        walk(child, inner)

for module in (patroni.ha, patroni.postgresql):
    walk(ast.parse(open(module.__file__).read()), '')

class Member:
    def __init__(self, leader_after):
        self.begun = time.monotonic()
        self.leader_after = leader_after
        self.state_handler = SimpleNamespace(name='old')
        self.dcs = self

    def get_cluster(self):
        after, name = self.leader_after
        leads = time.monotonic() - self.begun > after
        return SimpleNamespace(leader=SimpleNamespace(name=name) if leads else None)

    def demote(self):
        patroni.ha.time.sleep(2)
        return time.monotonic() - self.begun

from patroni.dcs.etcd3 import Etcd3, PatroniEtcd3Client

import os, subprocess, tempfile, threading
import psutil

class Stopping:
    def __init__(self, after):
        self.data_dir = tempfile.mkdtemp()
        os.mkdir(self.data_dir + '/global')
        self.say(6)
        if after is not None:
            threading.Timer(after, self.say, [1]).start()

    def say(self, state):
        with open(self.data_dir + '/global/pg_control', 'wb') as control:
            control.write(bytes(16) + state.to_bytes(4, sys.byteorder) + bytes(100))

    def _do_stop(self, postmaster):
        begun = time.monotonic()
        patroni.postgresql.time.sleep(1)
        return time.monotonic() - begun

def stopping(after):
    return Stopping(after)._do_stop(SimpleNamespace(is_running=lambda: True))

def sent():
    sender = subprocess.Popen(['postgres: walsender', '0.5'], executable='/usr/bin/sleep')
    names = {'self': SimpleNamespace(state_handler=SimpleNamespace(_postmaster_proc=SimpleNamespace(pid=os.getpid())))}
    # Its name comes a moment after it was started.
    time.sleep(0.1)
    during = launch.standbys_have_all(names)
    sender.wait()
    return {'during': during, 'after': launch.standbys_have_all(names)}

def woken():
    server = subprocess.Popen(['sleep', '1'])
    woken = threading.Event()
    ha = SimpleNamespace(state_handler=SimpleNamespace(_postmaster_proc=psutil.Process(server.pid)), wakeup=woken.set)
    threading.Thread(target=launch.watch_servers, args=(ha,), daemon=True).start()
    server.wait()
    died = time.monotonic()
    return time.monotonic() - died if woken.wait(10) else None

def kept(age, streaming):
    asked = threading.Event()
    begun = time.time() - age
    sync = SimpleNamespace(is_empty=False, leader='pg-1', members=['PG-2'])
    server = SimpleNamespace(name='pg-1', _postmaster_proc=SimpleNamespace(create_time=lambda: begun),
                             query=lambda sql: [(name,) for name in streaming])
    ha = SimpleNamespace(state_handler=server, cluster=SimpleNamespace(sync=sync), wakeup=asked.set)
    try:
        patroni.ha.Ha.process_sync_replication(ha)
    except AttributeError:
        # Patroni's own function, which wants a whole Ha.
        return False
    return asked.wait(5)

def addresses(*numbers):
    return ['10.0.0.%d:2379' % number for number in numbers]

class Client(PatroniEtcd3Client):
    def __init__(self, use_proxies):
        self._kv_cache = None
        self._dns_resolver = SimpleNamespace(remove=lambda host, port: None)
        self._use_proxies = use_proxies
        self._config = {'hosts': ['https://' + address for address in addresses(1, 2, 3)]}
        self._base_uri = self._config['hosts'][0]
        self._machines_cache = list(self._config['hosts'])

    def _get_machines_list(self, known):
        return ['https://' + address for address in addresses(5, 6, 7)]

class Dcs(Etcd3):
    def __init__(self, client):
        self._abstract_client = client

    _client = property(lambda self: self._abstract_client)

    def set_ttl(self, ttl):
        pass

    def set_retry_timeout(self, seconds):
        pass

def reloaded(use_proxies):
    client = Client(use_proxies)
    section = {'protocol': 'https', 'hosts': addresses(1, 4, 3), 'use_proxies': use_proxies}
    Dcs(client).reload_config({'etcd3': section, 'ttl': 30, 'retry_timeout': 10, 'loop_wait': 10})
    return [int(machine.split(':')[1].split('.')[-1]) for machine in client._machines_cache]

print(json.dumps({
    'etcd': {'beside': reloaded(True), 'away': reloaded(False)},
    'refused': refused,
    'sleepers': sorted(sleepers),
    'shortened': sorted(sleepers & (set(launch.AWAITED) | set(launch.SHORTER))),
    'stopping': {'stops': stopping(0.2), 'stays': stopping(None)},
    'sent': sent(),
    'woken': woken(),
    'kept': {'away': kept(0.5, []), 'back': kept(0.5, ['pg-2', 'pg-3']), 'old': kept(60, [])},
    'pauses': {
        'another': Member((0.1, 'new')).demote(),
        'nobody': Member((60, 'new')).demote(),
        'itself': Member((0, 'old')).demote(),
    },
}))
`
