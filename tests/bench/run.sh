#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Measures weir against its limits and against what else could be used: tests/bench/run.sh check|peers|compare|windows|drift|formats|run|backtest|soak [--quick]
# A measurement, not a test: the exit code is 0 however the rows turn out, unless something could not run.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: tests/bench/run.sh check|peers|compare|windows|drift|formats|run|backtest|soak [--quick] [--records N] [--pairs N] [--seconds N] [--weir FILE]

  check        record rules, against a limit and against peers
  peers        the same rules with other tools: DuckDB, Polars, Soda, Pandera, Great Expectations, Deequ
  compare      weir compare beside SciPy, Evidently and whylogs (default 200 000 records a side)
  windows      what windows, segments and their state cost on top
  drift        what drift rules cost a run, and the end of a window
  formats      the same rules on the same records as NDJSON, Avro and Parquet, and DuckDB on the Parquet file
  run          a live topic of a real Kafka: rate, CPU and latency beside a consumer that only counts (default 3 000 000 records)
  backtest     weir backtest over a topic of a real Kafka and over a file, against 500 000 records/s (default 2 000 000 records)
  soak         memory over a long time at the highest rate

  --agree      with peers: only whether all count the same failures (20 000 records); exit code 1 when not
  --quick      200 000 records
  --records N  that many records (default 1 000 000)
  --pairs N    interleaved runs a row (default 5)
  --seconds N  how long the soak takes (default 3600)
  --weir FILE  the program to measure (default build/release/weir)
TEXT
}

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
bench=$root/build/bench
venv=$root/build/deps/venv
kafka=$root/build/deps/rdkafka
weir=$root/build/release/weir
records=
pairs=5
seconds=3600
agree=

what=${1:-}
[[ $what == check || $what == peers || $what == compare || $what == windows || $what == drift || $what == formats || $what == run || $what == backtest || $what == soak ]] || { usage >&2; exit 2; }
shift
while (($#)); do
  case $1 in
    --quick) records=200000 ;;
    --agree) agree=--agree ;;
    --records) records=$2; shift ;;
    --pairs) pairs=$2; shift ;;
    --seconds) seconds=$2; shift ;;
    --weir) weir=$(realpath "$2"); shift ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

# Plain -O3 for the processor's baseline, as weir's release is built.
compile() {  # NAME [PACKAGE...]
  local program=$bench/$1 source=$here/$1.cpp flags=
  shift
  [[ $program -nt $source && $program -nt $here/record_writer.h ]] && return
  (($#)) && flags=$(pkg-config --cflags --libs "$@")
  [[ ! -e $kafka/ready || $program != *consumer && $program != *produce ]] ||
    flags="-isystem $kafka/include $kafka/lib/librdkafka.a $flags -lpthread -ldl -lm"
  echo "compiling $(basename "$program")" >&2
  # shellcheck disable=SC2086  # flags are words
  "${CXX:-g++}" -std=c++20 -O3 -Wall -Wextra "$source" -o "$program" $flags
}

generate() {  # RECORDS
  local file=$bench/orders-$1.ndjson
  [[ $file -nt $bench/generate ]] && return
  echo "making $1 records" >&2
  "$bench/generate" "$1" "$file.part" 1
  mv "$file.part.expected" "$file.expected"
  mv "$file.part" "$file"
}

# A Python with its packages; one that cannot be had is missing from the table, and the others go on.
packages() {  # VENV REQUIREMENTS SEAL
  cmp -s "$2" "$1/$3" && return
  echo "installing what $(basename "$2") names" >&2
  python3 -m venv "$1" && "$1/bin/pip" install --quiet --disable-pip-version-check -r "$2" && cp "$2" "$1/$3"
}

peers() {  # NAME...
  for peer; do
    packages "$root/build/deps/peers/$peer" "$here/peers/$peer.txt" requirements.txt || echo "$peer could not be installed" >&2
  done
}

deequ_jar() {
  local pom=$here/peers/pom.xml into=$root/build/deps/peers/deequ/jars
  cmp -s "$pom" "$into/../pom.xml" && return
  rm -rf "$into"
  mvn -q -B -f "$pom" dependency:copy-dependencies -DoutputDirectory="$into" < /dev/null >&2 && cp "$pom" "$into/../pom.xml"
}

mkdir -p "$bench"
compile generate
if [[ -z $records ]]; then
  case $what$agree in
    peers--agree) records=20000 ;;
    compare) records=200000 ;;
    run) records=3000000 ;;
    backtest) records=2000000 ;;
    *) records=1000000 ;;
  esac
fi
if [[ $what == run || $what == soak || $what == backtest ]]; then
  if [[ -e $kafka/ready ]]; then
    needs=(libcurl libssl libcrypto zlib libzstd liblz4)
  else
    needs=(rdkafka)
  fi
  compile produce "${needs[@]}"
  generate "$records"
  if [[ $what == backtest ]]; then
    exec "$venv/bin/python" "$here/backtest.py" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs" \
      --data "$bench/orders-$records.ndjson"
  fi
  compile peer_consumer "${needs[@]}"
  exec "$venv/bin/python" "$here/live.py" "$what" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs" \
    --seconds "$seconds" --data "$bench/orders-$records.ndjson"
fi
if [[ $what == windows ]]; then
  generate "$records"
  exec python3 "$here/windows.py" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs"
fi
if [[ $what == compare ]]; then
  peers scipy evidently whylogs
  base=$bench/drift
  [[ $base-current-$records.ndjson -nt $here/make_drift.py ]] ||
    python3 "$here/make_drift.py" "$records" "$base-reference-$records.ndjson" "$base-current-$records.ndjson"
  exec python3 "$here/peers/run_drift.py" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs"
fi
packages "$venv" "$here/requirements.txt" bench-requirements.txt
if [[ $what == peers ]]; then
  peers soda pandera gx deequ
  deequ_jar || echo "the jar of Deequ could not be fetched: is there a Maven?" >&2
  generate "$records"
  exec python3 "$here/peers/run_peers.py" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs" $agree
fi
if [[ $what == formats ]]; then
  generate "$records"
  base=$bench/orders-$records
  if [[ ! $base-zstd.parquet -nt $base.ndjson ]]; then
    echo "writing them as Avro and Parquet" >&2
    "$venv/bin/python" "$here/make_formats.py" "$base.ndjson" "$base"
  fi
  python3 "$here/make_rules.py" one >"$bench/rules-one.yml"
  exec python3 "$here/formats.py" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs"
fi
compile peer_simdjson simdjson
if [[ $what == drift ]]; then
  # It asks weir's own libraries, so it is built as they are.
  cmake --preset release > "$bench/configure.log" && cmake --build --preset release --target drift_cost >&2
  ln -sf "$root/build/release/tests/drift_cost" "$bench/drift_cost"
  generate 10000
  generate "$records"
  exec python3 "$here/drift.py" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs"
fi
compile peer_rowwise simdjson re2

generate 10
generate "$records"
generate "$((4 * records))"
python3 "$here/make_rules.py" one >"$bench/rules-one.yml"
python3 "$here/make_rules.py" ranges 1000 >"$bench/rules-1000.yml"

exec python3 "$here/check.py" --bench "$bench" --weir "$weir" --records "$records" --pairs "$pairs"
