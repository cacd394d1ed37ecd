#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzzer for a while.
#
#   tests/fuzz/run.sh [seconds] [name...]     300 s each by default; as many at once as there are processors
#
# The inputs that a fuzzer finds worth keeping grow in build/fuzz/corpus/<name>, seeded from tests/fuzz/corpus/<name>. An
# input that breaks something is written to build/fuzz/found: fix the fault, then keep the input in tests/fuzz/corpus,
# where every run of the tests replays it.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-300}
[ $# -eq 0 ] || shift
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for source in tests/fuzz/fuzz_*.cpp; do
    [ -e "$source" ] || continue
    name=$(basename "$source" .cpp)
    names+=("${name#fuzz_}")
  done
fi
if [ ${#names[@]} -eq 0 ]; then
  echo 'fuzz: there are no fuzz targets'
  exit 0
fi

cmake --preset fuzz > /dev/null
cmake --build --preset fuzz -j "$(nproc)" --target "${names[@]/#/fuzz_}"
mkdir -p build/fuzz/found build/fuzz/log

fuzz_one() {
  local name=$1 seconds=$2
  local corpus=build/fuzz/corpus/$name log=build/fuzz/log/$name.txt
  local seeds=()
  mkdir -p "$corpus"
  [ ! -d "tests/fuzz/corpus/$name" ] || seeds=("tests/fuzz/corpus/$name")
  local options=(-max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1
    -artifact_prefix="build/fuzz/found/$name-")
  [ ! -e "tests/fuzz/$name.dict" ] || options+=(-dict="tests/fuzz/$name.dict")
  if "build/fuzz/tests/fuzz/fuzz_$name" "${options[@]}" "$corpus" "${seeds[@]}" > "$log" 2>&1 < /dev/null; then
    printf 'fuzz: %s: %s inputs tried, nothing found\n' "$name" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
  else
    printf 'fuzz: %s: FOUND SOMETHING, see %s\n' "$name" "$log"
    tail -n 40 "$log"
    return 1
  fi
}
export -f fuzz_one
printf '%s\0' "${names[@]}" | xargs -0 -P "$(nproc)" -I {} bash -c 'fuzz_one "$1" "$2"' fuzz {} "$seconds"
