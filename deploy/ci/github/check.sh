#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What action.yml does once there is a weir: looks at the rules, judges the files, and ends with weir's exit code.
set -uo pipefail

reports=${RUNNER_TEMP:-/tmp}/weir-reports
mkdir -p "$reports"
echo "reports=$reports" >> "$GITHUB_OUTPUT"

leave() {
  echo "exit=$1" >> "$GITHUB_OUTPUT"
  exit "$1"
}

weir lint "$RULES" --format github || leave $?
weir test "$RULES" || leave $?
mapfile -t paths < <(grep -v "^[[:space:]]*$" <<< "${FILES?}")
mapfile -t flags < <(grep -v "^[[:space:]]*$" <<< "${ARGS?}")
[ "${#paths[@]}" -gt 0 ] || leave 0

weir check "${paths[@]}" --rules "$RULES" --fail-on "$FAIL_ON" --github --report "md=$reports/weir.md" --report "json=$reports/weir.json" \
  --report "junit=$reports/weir.xml" --report "sarif=$reports/weir.sarif" --report "html=$reports/weir.html" "${flags[@]}"
code=$?
[ ! -e "$reports/weir.md" ] || cat "$reports/weir.md" >> "${GITHUB_STEP_SUMMARY:-/dev/null}"
leave $code
