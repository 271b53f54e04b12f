#!/bin/sh
# `npm test`: makes the machine ready, checks the tree, then runs unit, integration and scenario tests.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
sh deploy/prepare.sh
PATH="$root/node_modules/.bin:$PATH"
export PATH
npm run -s check
vitest run --project unit --project integration
sh test/scenario/run.sh
