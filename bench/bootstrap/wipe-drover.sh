# Runs on a host: nothing of the cluster that Drover made is left but the packages; the agent stays.
units=$(systemctl list-units --all --plain --no-legend 'drover-*' | awk '$1 !~ /^drover-agent/ && $1 ~ /\.service$/ { print $1 }')
systemctl --quiet disable $units 2>/dev/null
systemctl kill --signal=KILL $units 2>/dev/null
systemctl stop $units 2>/dev/null
for unit in $units; do rm -f "/etc/systemd/system/$(echo "$unit" | sed 's/@.*/@/')"*; done
rm -rf /etc/drover/etcd /etc/drover/patroni /etc/drover/pgbouncer /etc/drover/haproxy /etc/drover/tls
rm -rf /var/lib/drover/etcd /var/lib/drover/pg /run/drover-pg /run/drover-pgbouncer /run/drover-haproxy
systemctl daemon-reload
systemctl reset-failed
rm -rf /dev/shm/PostgreSQL.*
for port in 2379 5432 5433 6432 8008; do
  while ss -Htln "sport = :$port" | grep -q .; do sleep 0.05; done
done
