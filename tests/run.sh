#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds weir and runs its tests.
#
#   tests/run.sh          the everyday tier: all tests but the long ones, under the address and undefined behaviour
#                         sanitizers; the scripts also against the release build; clang compiles everything
#   tests/run.sh --all    the long tests, the thread sanitizer, the package and a short run of every fuzzer as well
#
# A step that fails does not hide the next one, unless nothing can be built. The last line says `N passed, N failed`; the
# exit code is 0 only when nothing failed.
set -uo pipefail
exec < /dev/null
cd "$(dirname "$0")/.." || exit 1

all=no
case "${1:-}" in
  '') ;;
  --all) all=yes ;;
  *)
    echo 'usage: tests/run.sh [--all]' >&2
    exit 2
    ;;
esac

fuzz_seconds=30
jobs=$(nproc)
passed=0
failed=0
failures=()
again=0 # what failed and then passed
began=$SECONDS

# Names the step and says when in the run it begins.
step() { printf '\n== %s  [%d s]\n' "$*" $((SECONDS - began)); }

fail() {
  failed=$((failed + 1))
  failures+=("$1")
}

summary() {
  local failure
  printf '\n'
  for failure in "${failures[@]}"; do printf 'failed: %s\n' "$failure"; done
  [ "$again" -eq 0 ] || printf 'passed at the second try only: %s (look for "Failed" above)\n' "$again"
  printf '%d s\n%d passed, %d failed\n' $((SECONDS - began)) "$passed" "$failed"
  [ "$failed" -eq 0 ]
}

# check NAME COMMAND...: a step that passes or fails as a whole.
check() {
  local name=$1
  shift
  step "$name"
  if "$@"; then passed=$((passed + 1)); else fail "$name"; fi
}

build() {
  local preset=$1
  step "build $preset"
  if cmake --preset "$preset" > "build/configure-$preset.log" 2>&1; then
    cmake --build --preset "$preset" -j "$jobs" && return 0
  else
    cat "build/configure-$preset.log"
  fi
  fail "build $preset"
  return 1
}

# Counts the test cases of a ctest run from its log: a Catch2 program says how many it ran, anything else is one.
count_cases() {
  awk '
    /^All tests passed \(/ { ok = $0; sub(/.* in /, "", ok); cases = ok + 0; bad = 0; counted = 1 }
    /^test cases: / {
      cases = 0; bad = 0; counted = 1
      for (i = 2; i <= NF; i++) { if ($i == "passed") cases = $(i - 1); if ($i == "failed") bad = $(i - 1) }
    }
    /^No tests ran/ { cases = 0; bad = 0; counted = 1 }
    /^Test Passed\.$/ { if (counted) passed += cases; else passed += 1; counted = 0 }
    /^Test Failed\.$/ { passed += counted ? cases : 0; failed += counted && bad > 0 ? bad : 1; counted = 0 }
    END { print passed + 0, failed + 0 }
  ' "$1"
}

# run_tests PRESET ARGS...: runs ctest in the preset's folder and adds up what passed and failed. Not by the test preset,
# whose own choice of labels would take the place of the one here.
run_tests() {
  local preset=$1
  shift
  local name="ctest --test-dir build/$preset $*"
  step "$name"
  local status=0 counts
  ctest --test-dir "build/$preset" -j "$jobs" --output-on-failure --no-tests=ignore "$@" || status=$?
  counts=$(count_cases "build/$preset/Testing/Temporary/LastTest.log")
  passed=$((passed + ${counts% *}))
  if [ "$status" -ne 0 ]; then
    failed=$((failed + (${counts#* } > 0 ? ${counts#* } : 1)))
    failures+=("$name: $(cut -d: -f2 "build/$preset/Testing/Temporary/LastTestsFailed.log" | tr '\n' ' ')")
  else
    again=$((again + ${counts#* }))
  fi
}

# What drives programs from outside keeps time with them, and the machine may be anybody's: what fails is tried once more.
# The summary says when that happened. What stands beside a real Kafka also runs alone.
from_outside=(--repeat until-pass:2)

mkdir -p build
step setup
deploy/setup.sh || { fail setup; summary; exit 1; }

build dev || { summary; exit 1; }
check 'clang-format' cmake --build --preset dev --target check-format
run_tests dev -LE '^(long|live|kafka|scripts|web|deploy)$'
run_tests dev -L '^(scripts|web|deploy|kafka)$' "${from_outside[@]}"
# What drives the program from outside, and what kills it beside a real Kafka: as it ships.
if build release; then
  run_tests release -L '^(scripts|stat)$' "${from_outside[@]}"
  run_tests release -L '^live$' "${from_outside[@]}"
fi
# The second compiler sees every source file, without the tests: 40 s on two processors, 3 s with a warm ccache.
build clang && passed=$((passed + 1))

if [ "$all" = yes ]; then
  run_tests dev -L '^long$'
  build tsan && run_tests tsan -LE '^(long|live)$'
  build package && run_tests package -L '^deploy$'
  check "fuzzers, $fuzz_seconds s each" tests/fuzz/run.sh "$fuzz_seconds"
fi
summary
