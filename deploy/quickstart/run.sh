#!/bin/sh
# `npm run quickstart`: makes the machine ready, then runs the quickstart on the pinned Node.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
sh deploy/prepare.sh
exec node_modules/.bin/node --disable-warning=ExperimentalWarning deploy/quickstart/main.ts "$@"
