#!/bin/sh
# What the rival has ready before the clock starts: a CA, one certificate for each host, and passwords.
#   RIVAL_DIR   where they go
#   NODES       "node-1=10.10.10.11 node-2=10.10.10.12 ..."
set -eu
cd "$RIVAL_DIR"
umask 077
mkdir -p tls

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7 -subj '/CN=rival CA' \
  -addext 'keyUsage=critical,keyCertSign,cRLSign' -keyout tls/ca.key -out tls/ca.crt 2>/dev/null

for entry in $NODES; do
  node=${entry%%=*} address=${entry#*=}
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$node" \
    -keyout "tls/$node.key" -out "tls/$node.csr" 2>/dev/null
  printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
    'extendedKeyUsage=serverAuth,clientAuth' 'subjectKeyIdentifier=hash' 'authorityKeyIdentifier=keyid' \
    "subjectAltName=DNS:$node,DNS:localhost,IP:$address,IP:127.0.0.1" >"tls/$node.ext"
  openssl x509 -req -days 7 -in "tls/$node.csr" -CA tls/ca.crt -CAkey tls/ca.key -CAcreateserial \
    -extfile "tls/$node.ext" -out "tls/$node.crt" 2>/dev/null
done

for role in app replicator rewind; do
  openssl rand -hex 16 >"password-$role"
done
