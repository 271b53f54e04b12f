#!/bin/sh
# `npm run lab -- up --hosts 3`: prepares the machine when it must, then runs the lab's command line
# on the pinned Node, whatever Node npm itself runs on.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
sh "$root/deploy/prepare.sh"
exec "$root/node_modules/.bin/node" "$root/deploy/lab/main.ts" "$@"
