#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a bare Debian 12 to a pipeline that goes wrong and weir beside it: installs what building needs, builds the program,
# runs `weir demo`. What stands behind the command is passed on:
#
#   deploy/demo.sh                                     until Ctrl-C
#   deploy/demo.sh --seconds 60                        a minute, a summary and an exit code
#   deploy/demo.sh --brokers kafka:9092 --seconds 60   the same on a real cluster
set -euo pipefail
cd "$(dirname "$0")/.."

deploy/setup.sh build
echo 'demo: building build/release/weir (the first time takes a few minutes)'
mkdir -p build/demo
true > build/demo/build.log # in a tree of somebody else it ends here, and the shell says why
{ cmake --preset release && cmake --build --preset release --target weir; } > build/demo/build.log 2>&1 < /dev/null || {
  tail -n 40 build/demo/build.log >&2
  echo 'demo: the build failed; all of its output is in build/demo/build.log' >&2
  exit 1
}
echo
exec build/release/weir demo "$@"
