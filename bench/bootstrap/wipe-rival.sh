# Runs on a host: nothing of the rival is left but the packages.
units='rival-haproxy rival-pgbouncer-rw rival-pgbouncer-ro rival-patroni rival-etcd'
systemctl --quiet disable $units 2>/dev/null
systemctl kill --signal=KILL $units 2>/dev/null
systemctl stop $units 2>/dev/null
rm -rf /etc/rival /var/lib/rival /run/rival-* /etc/systemd/system/rival-*
systemctl daemon-reload
systemctl reset-failed
rm -rf /dev/shm/PostgreSQL.*
for port in 2379 5432 5433 6432 8008; do
  while ss -Htln "sport = :$port" | grep -q .; do sleep 0.05; done
done
