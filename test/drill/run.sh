#!/bin/sh
# Drills on real hosts of a lab: what is too long for every change. `sh test/drill/run.sh NAME [-t TITLE]`, or without a name all of them.
# `DROVER_TEST_OS=debian12` before it: on hosts of that system.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
sh deploy/prepare.sh
exec node_modules/.bin/node node_modules/vitest/vitest.mjs run --project drill "$@"
