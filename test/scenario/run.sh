#!/bin/sh
# Scenario tests on real hosts of a lab: the lab itself, then the main job.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
cd "$root"
exec node_modules/.bin/node node_modules/vitest/vitest.mjs run --project scenario "$@"
