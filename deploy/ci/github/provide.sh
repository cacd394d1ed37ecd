#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Gets weir for action.yml. `look` says where it will come from; `install` sees to it.
set -euo pipefail

sources=$(cd "$(dirname "$0")/../../.." && pwd)

case "$1" in
  look)
    if [ -n "$PACKAGE" ]; then
      wanted=package
    elif command -v weir > /dev/null; then
      wanted=path
    else
      wanted=build
    fi
    # shellcheck source=/dev/null
    . /etc/os-release
    {
      echo "wanted=$wanted"
      echo "cache=$HOME/.cache/weir-action"
      echo "system=$ID-${VERSION_ID:-rolling}"
    } >> "$GITHUB_OUTPUT"
    ;;
  install)
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    if [ "${WANTED?}" = build ]; then
      PACKAGE=$CACHE/weir.deb
      if [ ! -e "$PACKAGE" ]; then
        echo '::group::Compiling weir: a few minutes, once'
        cd "$sources"
        deploy/setup.sh build
        cmake --workflow --preset package
        mkdir -p "$CACHE"
        cp build/package/weir_*.deb "$PACKAGE"
        echo '::endgroup::'
      fi
    fi
    if [ "$WANTED" != path ]; then
      "${as_root[@]}" apt-get update -qq
      # A path, or apt takes it for the name of a package.
      "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$(realpath "$PACKAGE")"
    fi
    weir version
    ;;
esac
