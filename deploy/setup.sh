#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what a bare Debian 12 lacks to build and test weir. Safe to run again: it looks first and does only what is missing.
#
#   deploy/setup.sh          everything that tests/run.sh needs
#   deploy/setup.sh build    only what building the program needs
#   deploy/setup.sh deploy   also the heavy tools of tests/deploy (Helm, containers, Spark, Airflow); a test says what it lacks
#
# Distribution packages go into the system. What Debian 12 has too old goes into build/deps, next to the build, and the
# system's package sources stay as they are.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"

build_packages=(
  build-essential g++ cmake ninja-build ccache pkg-config git ca-certificates python3
  libre2-dev libsimdjson-dev libyaml-cpp-dev zlib1g-dev libzstd-dev libsqlite3-dev
  libssl-dev libcurl4-openssl-dev liblz4-dev # what librdkafka stands on
  libboost-dev libeigen3-dev # headers: Boost.Math, matrices
  libcpp-httplib-dev libcrypt-dev prometheus-cpp-dev
  libprotobuf-dev libprotoc-dev libsnappy-dev # records, their schemas, and blocks of files
  tzdata # the time zones of `zone:`
)
test_packages=(
  clang-14 libclang-rt-14-dev clang-format-14
  zsh fish groff-base man-db
  kcat python3-venv # tests against a real Kafka
  spin # the models of the protocols in docs/decisions
  prometheus prometheus-alertmanager # with promtool and amtool: what /metrics says, rules, an incident in tests/observe
  curl jq # commands of the pages and runbooks
  protobuf-compiler # descriptor sets
  chromium fonts-dejavu-core # a browser: tests/web
  tmux # a terminal for programs that paint one: tests/terminal
  faketime # a clock that steps, for the tests against a broker
  shellcheck yamllint systemd # what looks at deploy/
)
deploy_packages=(
  lintian mmdebstrap # what looks at the .deb
  buildah podman runc # containers without a daemon
  docker-compose prometheus-alertmanager
  rsync # gitlab-ci-local
  systemd-container
)

say() { printf 'setup: %s\n' "$*"; }

die() {
  printf 'setup: %s\n' "$*" >&2
  exit 1
}

is_root() { [ "$(id -u)" -eq 0 ]; }

as_root() {
  if is_root; then "$@"; else sudo "$@"; fi
}

# Prints those of the named packages that are not installed.
missing_packages() {
  local installed
  # dpkg-query fails when one package is unknown, and still prints the others.
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2> /dev/null | sed -n 's/^installed //p' || true)
  printf '%s\n' "$@" | grep -vxF -f <(printf '%s\n' "$installed") || true
}

install_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  is_root || command -v sudo > /dev/null ||
    die "packages are missing, and installing them needs root or sudo. As root: apt-get install --no-install-recommends ${missing[*]}"
  say "installing ${missing[*]}"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
  local log
  log=$(mktemp)
  # The package lists may be absent (a fresh container) or old; they are fetched only when installing without them fails.
  if ! as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" > "$log" 2>&1 < /dev/null; then
    say "refreshing the package lists, then installing: a minute or two"
    as_root "${apt[@]}" update > "$log" 2>&1 < /dev/null || { cat "$log" >&2; die "the package lists could not be read"; }
    as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" > "$log" 2>&1 < /dev/null ||
      { cat "$log" >&2; die "these packages could not be installed: ${missing[*]}"; }
  fi
  rm -f "$log"
}

# apt_of SUITE ARGS...: apt-get that sees only the named suite, on the mirror that the system already uses. Lists and
# downloads live in build/deps/apt.
apt_of() {
  local suite=$1
  shift
  local state=$top/build/deps/apt/$suite
  local options=(
    -qq -o "Dir::Etc::SourceList=$state/only.sources" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root
  )
  if [ ! -e "$state/ready" ]; then
    local mirror
    mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
      sed -n "s/^$VERSION_CODENAME //p" | head -n 1)
    [ -n "$mirror" ] || die "no package mirror for $VERSION_CODENAME is configured"
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    printf '%s\n' 'Types: deb deb-src' "URIs: $mirror" "Suites: $suite" 'Components: main' \
      'Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg' > "$state/only.sources"
    apt-get "${options[@]}" update < /dev/null
    touch "$state/ready"
  fi
  apt-get "${options[@]}" "$@" < /dev/null
}

# The tests use Catch2 3. Debian 12 has it in backports only.
provide_catch2() {
  local root=$top/build/deps/catch2
  [ ! -e "$root/ready" ] || return 0
  if [ "$VERSION_CODENAME" != bookworm ]; then
    install_packages catch2
    return 0
  fi
  say "fetching Catch2 3 from bookworm-backports into build/deps/catch2"
  rm -rf "$root"
  mkdir -p "$root/download"
  (
    cd "$root/download"
    apt_of bookworm-backports download libcatch2-dev
    dpkg -x libcatch2-dev_*.deb ..
  )
  rm -rf "$root/download"
  touch "$root/ready"
}

# Older ones put off the next fetch by a whole second whenever a queue is full: docs/decisions/0006-librdkafka-2-8.md.
rdkafka_wanted=2.8

# librdkafka: the system's where it is new enough, otherwise a static library out of the source package of Debian 13. With
# curl, which OAUTHBEARER needs to fetch tokens, and without Kerberos; SCRAM and OAUTHBEARER stand on OpenSSL alone, which
# its CMake files know for Windows only, so they are named.
provide_rdkafka() {
  local root=$top/build/deps/rdkafka offered
  [ ! -e "$root/ready" ] || return 0
  pkg-config --atleast-version=$rdkafka_wanted rdkafka && return 0
  offered=$(apt-cache policy librdkafka-dev | sed -n 's/^ *Candidate: //p')
  if dpkg --compare-versions "${offered:-0}" ge $rdkafka_wanted 2> /dev/null; then
    install_packages librdkafka-dev
    return 0
  fi
  say "building librdkafka from the source package of trixie into build/deps/rdkafka"
  rm -rf "$root"
  mkdir -p "$root/work"
  (
    cd "$root/work"
    apt_of trixie source --download-only librdkafka
    dpkg-source --no-check -x librdkafka_*.dsc source
    # Its assertions name its files: by a path that is the same wherever it is built, or no two packages of weir would be.
    cmake -G Ninja -S source -B built -DCMAKE_BUILD_TYPE=None \
      -DCMAKE_C_FLAGS="-O2 -fstack-protector-strong -D_FORTIFY_SOURCE=2 -ffile-prefix-map=$PWD/source=/librdkafka" \
      -DCMAKE_INSTALL_PREFIX="$root" -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_C_COMPILER_LAUNCHER=ccache \
      -DRDKAFKA_BUILD_STATIC=ON -DRDKAFKA_BUILD_EXAMPLES=OFF -DRDKAFKA_BUILD_TESTS=OFF \
      -DWITH_SSL=ON -DWITH_CURL=ON -DWITH_ZLIB=ON -DWITH_ZSTD=ON -DENABLE_LZ4_EXT=ON \
      -DWITH_SASL=OFF -DWITH_SASL_SCRAM=ON -DWITH_SASL_OAUTHBEARER=ON
    # The thread sanitizer knows the mutexes of pthread and not those of <threads.h>.
    sed -i 's/^#define WITH_C11THREADS 1$/#define WITH_C11THREADS 0/' built/generated/config.h
    cmake --build built --target rdkafka
    cmake --install built/src --strip
    cp source/LICENSES.txt "$root/" # for whoever passes the program on
  ) > "$root/build.log" 2>&1 || die "librdkafka could not be built: see $root/build.log"
  rm -rf "$root/work"
  touch "$root/ready"
}

# What a real Kafka and the programs that drive it in the tests are made of: its jars by Maven, a client by pip.
provide_kafka() {
  local pom=$top/tests/kafka/pom.xml root=$top/build/deps/kafka
  local wanted=$top/tests/kafka/requirements.txt venv=$top/build/deps/venv
  command -v java > /dev/null || install_packages default-jdk-headless
  command -v mvn > /dev/null || install_packages maven
  if ! cmp -s "$pom" "$root/pom.xml"; then
    say "fetching Apache Kafka into build/deps/kafka"
    rm -rf "$root"
    mkdir -p "$root"
    mvn -q -B -f "$pom" dependency:copy-dependencies -DoutputDirectory="$root/lib" < /dev/null > "$root/fetch.log" 2>&1 ||
      die "Apache Kafka could not be fetched: see $root/fetch.log"
    cp "$pom" "$root/pom.xml"
  fi
  if ! cmp -s "$wanted" "$venv/kafka-requirements.txt"; then
    say "fetching a Kafka client for Python into build/deps/venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
    cp "$wanted" "$venv/kafka-requirements.txt"
  fi
}

# What drives a browser and looks for barriers in a page, beside what drives Kafka.
provide_web() {
  local wanted=$top/tests/web/requirements.txt venv=$top/build/deps/venv
  ! cmp -s "$wanted" "$venv/web-requirements.txt" || return 0
  say "fetching Playwright and axe into build/deps/venv"
  [ -x "$venv/bin/pip" ] || python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$venv/web-requirements.txt"
}

# A real schema registry for the tests: Apicurio Registry, unpacked by Maven out of its archive.
provide_apicurio() {
  local pom=$top/tests/kafka/registry.pom.xml root=$top/build/deps/apicurio
  command -v java > /dev/null || install_packages default-jdk-headless
  command -v mvn > /dev/null || install_packages maven
  ! cmp -s "$pom" "$root/pom.xml" || return 0
  say "fetching Apicurio Registry into build/deps/apicurio"
  rm -rf "$root"
  mkdir -p "$root"
  mvn -q -B -f "$pom" dependency:unpack-dependencies -DoutputDirectory="$root/app" \
    -DmarkersDirectory="$root/markers" < /dev/null > "$root/fetch.log" 2>&1 ||
    die "Apicurio Registry could not be fetched: see $root/fetch.log"
  cp "$pom" "$root/pom.xml"
}

# Grafana's own types, by which tests/observe checks the dashboards. Without npm they are left out, and the test says so.
provide_grafana_types() {
  local root=$top/build/deps/grafana wanted='typescript@7.0.2 @grafana/schema@13.2.3'
  command -v npm > /dev/null || return 0
  [ "$(cat "$root/wanted" 2> /dev/null)" != "$wanted" ] || return 0
  say "fetching Grafana's types into build/deps/grafana"
  rm -rf "$root"
  mkdir -p "$root"
  # shellcheck disable=SC2086 # two packages
  if (cd "$root" && npm install --silent --no-audit --no-fund $wanted) > /dev/null 2>&1 < /dev/null; then
    printf '%s\n' "$wanted" > "$root/wanted"
  else
    say "Grafana's types could not be fetched; the dashboards are tested without them"
    rm -rf "$root"
  fi
}

# Apache Arrow's C++ library, which Debian 12 does not have, comes with Python's pyarrow: its headers and libraries are what the
# tests read Parquet with (CMakeLists.txt). The same packages write the files of the tests.
provide_arrow() {
  local root=$top/build/deps/arrow wanted=$top/tests/scripts/formats_requirements.txt
  ! cmp -s "$wanted" "$root/requirements.txt" || return 0
  say "fetching Apache Arrow and writers of Avro and Parquet into build/deps/arrow"
  rm -rf "$root"
  python3 -m venv "$top/build/deps/venv"
  "$top/build/deps/venv/bin/pip" install --quiet --disable-pip-version-check --target "$root" -r "$wanted"
  cp "$wanted" "$root/requirements.txt"
}

# What holds deploy/ against the schemas and tools of its users.
provide_deploy_checks() {
  local wanted=$top/tests/deploy/requirements.txt root=$top/build/deps/deploy
  ! cmp -s "$wanted" "$root/requirements.txt" || return 0
  say "fetching the schemas of Kubernetes, pre-commit and hadolint into build/deps/deploy"
  mkdir -p "$root"
  python3 -m venv "$root/venv"
  "$root/venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
  cp "$wanted" "$root/requirements.txt"
}

# venv_of NAME REQUIREMENT...: a virtual environment of its own, build/deps/deploy/NAME.
venv_of() {
  local root=$top/build/deps/deploy/$1
  shift
  [ ! -e "$root/ready" ] || return 0
  say "fetching $* into $root"
  python3 -m venv "$root"
  "$root/bin/pip" install --quiet --disable-pip-version-check "$@"
  touch "$root/ready"
}

# Helm and actionlint are no packages of Debian; they are built by Go, which Debian 12 has too old.
go_wanted=1.24
provide_go_tools() {
  local bin=$top/build/deps/deploy/bin has
  has=$(go env GOVERSION 2> /dev/null | sed 's/^go//')
  if [ -z "$has" ] || dpkg --compare-versions "$has" lt $go_wanted; then
    say "no Helm and no actionlint: building them wants Go $go_wanted or newer, and here is ${has:-none}"
    return 0
  fi
  mkdir -p "$bin"
  [ -x "$bin/actionlint" ] || GOBIN=$bin go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
  if [ ! -x "$bin/helm" ]; then
    say "building Helm: some minutes"
    GOBIN=$bin go install helm.sh/helm/v3/cmd/helm@v3.19.0
  fi
}

provide_gitlab_runner() {
  local root=$top/build/deps/deploy/node
  [ ! -x "$root/node_modules/.bin/gitlab-ci-local" ] || return 0
  command -v npm > /dev/null || { say "no gitlab-ci-local: there is no npm"; return 0; }
  mkdir -p "$root"
  npm install --silent --no-fund --no-audit --prefix "$root" gitlab-ci-local@4.61.0 < /dev/null
}

[ -r /etc/os-release ] || die "this is not a Linux distribution that setup knows; see CONTRIBUTING.md for what weir needs"
. /etc/os-release
case " ${ID:-} ${ID_LIKE:-} " in
  *' debian '*) ;;
  *) die "only Debian and its relatives are known here; see CONTRIBUTING.md for what weir needs" ;;
esac

case "${1:-all}" in
  build)
    install_packages "${build_packages[@]}"
    provide_rdkafka
    ;;
  all)
    install_packages "${build_packages[@]}" "${test_packages[@]}"
    provide_rdkafka
    provide_catch2
    provide_arrow
    provide_kafka
    provide_web
    provide_apicurio
    provide_grafana_types
    provide_deploy_checks
    ;;
  deploy)
    install_packages "${build_packages[@]}" "${test_packages[@]}" "${deploy_packages[@]}"
    provide_deploy_checks
    provide_go_tools
    provide_gitlab_runner
    command -v java > /dev/null || install_packages default-jdk-headless
    venv_of spark pyspark==3.5.7
    venv_of airflow apache-airflow==2.10.5
    ;;
  *) die "usage: deploy/setup.sh [build | deploy]" ;;
esac
say "ready"
