#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# CEL's own conformance cases against the expression language. They come from an npm package, into build/deps, and are no
# part of this project. Exit 77 means skipped: no npm, or it cannot be reached.
#
#   tests/conformance/cel.sh CEL_RUNNER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
runner=$1
package=@bufbuild/cel-spec@0.6.1
place=$here/../../build/deps/cel-spec

skip() {
  printf 'SKIPPED: %s\n' "$*"
  exit 77
}

if [ ! -e "$place/conformance.js" ]; then
  command -v node > /dev/null && command -v npm > /dev/null || skip 'npm is not installed'
  mkdir -p "$place"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  (cd "$work" && npm pack --silent "$package" > /dev/null 2>&1) || skip "npm cannot fetch $package"
  tar -xzf "$work"/*.tgz -C "$work" package/dist/esm/testdata/conformance.js
  printf '{"type": "module"}\n' > "$place/package.json"
  mv "$work/package/dist/esm/testdata/conformance.js" "$place/conformance.js"
fi
node "$here/cel_cases.mjs" "$place/conformance.js" > "$place/cases.jsonl"
"$runner" "$place/cases.jsonl" "$here/cel_differences.txt"
