#!/bin/sh
# What Drover is measured against: a highly available PostgreSQL cluster made by hand, as an expert would script it.
#
# Every host has the packages; certificates and passwords are ready (certificates.sh). The order is the best one known:
# everything that can start at once does, the first member alone and looking every second, the others as soon as it is
# primary, users and databases while they copy, a nudge instead of a wait wherever Patroni would sleep.
#
#   RIVAL_DIR   certificates and passwords; `on-<node>` runs a command on that host as root, as ssh would;
#               with a file launch.py in it, Patroni is started through that
#   NODES       "node-1=10.10.10.11 node-2=... node-3=..."
#   CLIENTS     network that may log in
set -eu
umask 077

on() { host=$1; shift; "$RIVAL_DIR/on-$host" "$@"; }
each() { for entry in $NODES; do "$@" "${entry%%=*}" "${entry#*=}"; done; }
addresses=$(for entry in $NODES; do printf '%s ' "${entry#*=}"; done)
first=${NODES%%=*}
others=$(for entry in $NODES; do [ "${entry%%=*}" = "$first" ] || printf '%s ' "${entry%%=*}"; done)
app=$(cat "$RIVAL_DIR/password-app")

# ---- files -------------------------------------------------------------------------------------------------------

etcd_file() { # node address
  cluster=$(for entry in $NODES; do printf '%s=https://%s:2380,' "${entry%%=*}" "${entry#*=}"; done)
  transport='{cert-file: /etc/rival/tls/etcd/tls.crt, key-file: /etc/rival/tls/etcd/tls.key, trusted-ca-file: /etc/rival/tls/etcd/ca.crt, client-cert-auth: true}'
  cat <<END
name: $1
data-dir: /var/lib/rival/etcd/data
listen-peer-urls: https://0.0.0.0:2380
listen-client-urls: https://0.0.0.0:2379
initial-advertise-peer-urls: https://$2:2380
advertise-client-urls: https://$2:2379
initial-cluster: ${cluster%,}
initial-cluster-token: rival
initial-cluster-state: new
client-transport-security: $transport
peer-transport-security: $transport
quota-backend-bytes: 2147483648
auto-compaction-mode: periodic
auto-compaction-retention: 1h
heartbeat-interval: 100
election-timeout: 1000
enable-grpc-gateway: true
log-level: warn
END
}

patroni_file() { # node address
  peers=$(for address in $addresses; do [ "$address" = "$2" ] || printf ', "%s:2379"' "$address"; done)
  cat <<END
scope: pg-main
namespace: /rival/
name: $1
restapi:
  listen: 0.0.0.0:8008
  connect_address: $2:8008
  certfile: /etc/rival/tls/pg/tls.crt
  keyfile: /etc/rival/tls/pg/tls.key
  cafile: /etc/rival/tls/pg/ca.crt
  verify_client: optional
ctl: {cacert: /etc/rival/tls/pg/ca.crt, certfile: /etc/rival/tls/pg/tls.crt, keyfile: /etc/rival/tls/pg/tls.key}
etcd3:
  protocol: https
  hosts: ["127.0.0.1:2379"$peers]
  use_proxies: true
  cacert: /etc/rival/tls/pg/ca.crt
  cert: /etc/rival/tls/pg/tls.crt
  key: /etc/rival/tls/pg/tls.key
bootstrap:
  dcs:
    ttl: 30
    loop_wait: 1
    retry_timeout: 10
    maximum_lag_on_failover: 1048576
    failsafe_mode: true
    synchronous_mode: true
    postgresql:
      use_pg_rewind: true
      use_slots: true
      parameters:
        wal_retrieve_retry_interval: 100ms
        max_connections: 200
        shared_buffers: 1GB
        shared_preload_libraries: pg_stat_statements
  initdb: [{locale-provider: builtin}, {locale: C.UTF-8}, {encoding: UTF8}, {auth-local: peer}, {auth-host: scram-sha-256}, data-checksums]
postgresql:
  listen: "*:5432"
  connect_address: $2:5432
  data_dir: /var/lib/rival/pg/data
  bin_dir: /usr/lib/postgresql/17/bin
  pgpass: /var/lib/rival/pg/pgpass
  use_unix_socket: true
  authentication:
    superuser: {username: postgres}
    replication: {username: replicator, password: $(cat "$RIVAL_DIR/password-replicator"), sslmode: verify-ca, sslrootcert: /etc/rival/tls/pg/ca.crt}
    rewind: {username: rewind, password: $(cat "$RIVAL_DIR/password-rewind"), sslmode: verify-ca, sslrootcert: /etc/rival/tls/pg/ca.crt}
  basebackup: [{checkpoint: fast}]
  parameters:
    unix_socket_directories: /run/rival-pg
    ssl: "on"
    ssl_cert_file: /etc/rival/tls/pg/tls.crt
    ssl_key_file: /etc/rival/tls/pg/tls.key
    ssl_ca_file: /etc/rival/tls/pg/ca.crt
    password_encryption: scram-sha-256
  pg_hba:
    - local all postgres peer
    - hostssl replication replicator $CLIENTS scram-sha-256
    - hostssl postgres rewind $CLIENTS scram-sha-256
    - hostssl all all 127.0.0.1/32 scram-sha-256
    - hostssl all all $CLIENTS scram-sha-256
    - local all all scram-sha-256
END
}

pgbouncer_file() { # kind target port
  cat <<END
[databases]
app = $2 dbname=app
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = $3
unix_socket_dir = /run/rival-pgbouncer-$1
auth_type = scram-sha-256
auth_file = /etc/rival/users.txt
pool_mode = transaction
max_client_conn = 1000
default_pool_size = 50
max_prepared_statements = 256
ignore_startup_parameters = extra_float_digits
server_login_retry = 0.2
server_connect_timeout = 2
client_tls_sslmode = prefer
client_tls_key_file = /etc/rival/tls/pg/tls.key
client_tls_cert_file = /etc/rival/tls/pg/tls.crt
server_tls_sslmode = verify-ca
server_tls_ca_file = /etc/rival/tls/pg/ca.crt
END
}

servers() { # port options
  for entry in $NODES; do printf '  server %s %s:%s %s\n' "${entry%%=*}" "${entry#*=}" "$1" "$2"; done
}

patroni_check() { # path
  printf '  option tcp-check\n  tcp-check connect port 8008 ssl\n  tcp-check send "GET %s HTTP/1.0\\r\\n\\r\\n"\n  tcp-check expect rstring "^HTTP/1.[01] 200"\n' "$1"
}

pooler_check() { # port
  printf '  tcp-check connect port %s\n  tcp-check send-binary 0000000804d2162f\n  tcp-check expect rstring "^[SN]"\n' "$1"
}

haproxy_file() {
  cat <<END
global
  user haproxy
  group haproxy
  no strict-limits
  maxconn 3000
  stats socket /run/rival-haproxy/admin.sock mode 600 level admin
defaults
  mode tcp
  retries 3
  option redispatch 1
  timeout connect 3s
  timeout queue 10s
  timeout client 24h
  timeout server 24h
  timeout check 2s
  default-server inter 1s fastinter 500ms downinter 1s rise 1 fall 3 verify required ca-file /etc/rival/tls/pg/ca.crt
listen write-hop
  bind 127.0.0.1:5435
$(patroni_check /primary)
$(servers 5432 'check check-ssl on-marked-down shutdown-sessions')
listen primary
  bind *:5433
$(patroni_check /primary)
$(pooler_check 6432)
$(servers 6432 'check check-ssl')
listen replica
  bind *:5434
  balance leastconn
$(patroni_check /replica)
$(pooler_check 6433)
$(servers 6433 'check check-ssl')
listen default
  bind *:5436
$(patroni_check /primary)
$(servers 5432 'check check-ssl on-marked-down shutdown-sessions')
listen offline
  bind *:5438
  balance leastconn
$(patroni_check /replica)
$(servers 5432 'check check-ssl on-marked-down shutdown-sessions')
END
}

unit() { # description user runtime-directory command [more]
  printf '[Unit]\nDescription=%s\nAfter=network.target\nStartLimitIntervalSec=0\n[Service]\n' "$1"
  [ -z "$2" ] || printf 'User=%s\n' "$2"
  [ -z "$3" ] || printf 'RuntimeDirectory=%s\n' "$3"
  printf 'ExecStart=%s\nRestart=always\nRestartSec=1\nLimitNOFILE=65536\n%b[Install]\nWantedBy=multi-user.target\n' "$4" "${5:-}"
}

# Runs on each host, once its files are there.
install_file() { # node
  cat <<'END'
set -eu
install -d /var/lib/rival
install -d -o etcd -g etcd -m 700 /var/lib/rival/etcd
install -d -o postgres -g postgres -m 700 /var/lib/rival/pg
chmod 755 /etc/rival /etc/rival/tls
chmod 644 /etc/rival/etcd.yml /etc/rival/haproxy.cfg /etc/rival/*.ini /etc/systemd/system/rival-*
chown -R etcd: /etc/rival/tls/etcd
chown -R postgres: /etc/rival/tls/pg /etc/rival/patroni.yml /etc/rival/users.txt
[ ! -e /etc/rival/launch.py ] || chmod 644 /etc/rival/launch.py
systemctl --quiet enable rival-etcd rival-patroni rival-pgbouncer-rw rival-pgbouncer-ro rival-haproxy
systemctl start --no-block rival-etcd rival-pgbouncer-rw rival-pgbouncer-ro rival-haproxy
END
  [ "$1" != "$first" ] || cat <<'END'
tls=/etc/rival/tls/etcd
until curl -fs --cacert $tls/ca.crt --cert $tls/tls.crt --key $tls/tls.key https://127.0.0.1:2379/health | grep -q '"true"'; do sleep 0.05; done
systemctl start --no-block rival-patroni
until curl -fs --cacert /etc/rival/tls/pg/ca.crt https://127.0.0.1:8008/primary >/dev/null; do sleep 0.05; done
END
}

build() { # node address
  root=$RIVAL_DIR/tree-$1
  rm -rf "$root"
  mkdir -p "$root/etc/rival/tls/etcd" "$root/etc/rival/tls/pg" "$root/etc/systemd/system"
  for owner in etcd pg; do
    cp "$RIVAL_DIR/tls/ca.crt" "$root/etc/rival/tls/$owner/ca.crt"
    cp "$RIVAL_DIR/tls/$1.crt" "$root/etc/rival/tls/$owner/tls.crt"
    cp "$RIVAL_DIR/tls/$1.key" "$root/etc/rival/tls/$owner/tls.key"
  done
  etcd_file "$1" "$2" >"$root/etc/rival/etcd.yml"
  patroni_file "$1" "$2" >"$root/etc/rival/patroni.yml"
  pgbouncer_file rw 'host=127.0.0.1 port=5435' 6432 >"$root/etc/rival/pgbouncer-rw.ini"
  pgbouncer_file ro 'host=/run/rival-pg port=5432' 6433 >"$root/etc/rival/pgbouncer-ro.ini"
  printf '"app" "%s"\n' "$app" >"$root/etc/rival/users.txt"
  haproxy_file >"$root/etc/rival/haproxy.cfg"
  patroni='/usr/bin/patroni'
  if [ -e "$RIVAL_DIR/launch.py" ]; then
    cp "$RIVAL_DIR/launch.py" "$root/etc/rival/launch.py"
    patroni='/usr/bin/python3 /etc/rival/launch.py'
  fi
  units=$root/etc/systemd/system
  unit etcd etcd '' '/usr/bin/etcd --config-file /etc/rival/etcd.yml' >"$units/rival-etcd.service"
  unit Patroni postgres rival-pg "$patroni /etc/rival/patroni.yml" 'KillMode=process\nRuntimeDirectoryPreserve=yes\n' >"$units/rival-patroni.service"
  for kind in rw ro; do
    unit "PgBouncer $kind" postgres "rival-pgbouncer-$kind" "/usr/sbin/pgbouncer /etc/rival/pgbouncer-$kind.ini" >"$units/rival-pgbouncer-$kind.service"
  done
  unit HAProxy '' rival-haproxy '/usr/sbin/haproxy -Ws -f /etc/rival/haproxy.cfg' 'Type=notify\n' >"$units/rival-haproxy.service"
  install_file "$1" >"$root/etc/rival/install.sh"
}

# ---- the work ----------------------------------------------------------------------------------------------------

# All at once; fails when one fails.
together() {
  pids=''
  for host in $1; do
    "$2" "$host" &
    pids="$pids $!"
  done
  for pid in $pids; do wait "$pid"; done
}

install_on() {
  tar -C "$RIVAL_DIR/tree-$1" --owner=0 --group=0 -cf - etc |
    on "$1" sh -c 'tar --no-overwrite-dir -C / -xf - && exec sh /etc/rival/install.sh'
}

start_member() { on "$1" systemctl start --no-block rival-patroni; }

provision() {
  on "$first" runuser -u postgres -- psql -h /run/rival-pg -qAtX -v ON_ERROR_STOP=1 <<END
create role app login password '$app';
grant pg_monitor to app;
create database app owner app;
\\connect app
create extension pg_trgm;
END
}

# Until two members stream and one of them is synchronous; a PATCH that changes nothing wakes the primary's Patroni.
await_members() {
  on "$first" sh -s <<'END'
patch() { curl -fs --cacert /etc/rival/tls/pg/ca.crt --cert /etc/rival/tls/pg/tls.crt --key /etc/rival/tls/pg/tls.key -X PATCH -d "$1" https://127.0.0.1:8008/config >/dev/null; }
replication() { runuser -u postgres -- psql -h /run/rival-pg -qAtX -c "select count(*) filter (where state = 'streaming') || ' ' || count(*) filter (where sync_state = 'sync') from pg_stat_replication"; }
while :; do
  now=$(replication)
  [ "$now" != '2 1' ] || break
  [ "$now" != '2 0' ] || patch '{"postgresql":{"use_slots":true}}'
  sleep 0.1
done
patch '{"loop_wait":5}'
END
}

await_services() {
  on "$first" env PGPASSWORD="$app" PGCONNECT_TIMEOUT=2 ADDRESSES="$addresses" sh -s <<'END'
answers() { [ "$(psql "host=$1 port=$2 user=app dbname=app sslmode=require" -qAtX -c 'select pg_is_in_recovery()' 2>/dev/null)" = "$3" ]; }
for address in $ADDRESSES; do
  until answers "$address" 5433 f; do sleep 0.1; done
  until answers "$address" 5434 t; do sleep 0.1; done
done
END
}

started=$(date +%s%N)
say() { echo "$((($(date +%s%N) - started) / 1000000)) ms: $*" >&2; }

each build
say 'files made'
# The other hosts' part ends before the first one's, which waits until it is primary.
together "$first $others" install_on
say 'primary up'
together "$others" start_member
provision
say 'users and databases made'
await_members
say 'standbys stream, one synchronous'
await_services
say 'services answer'
