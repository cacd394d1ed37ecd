#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# build_kube.sh VERSION FOLDER: kube-apiserver and kubectl out of the Go modules of Kubernetes, for api_server_test.py. Seven minutes of
# processor time, once.
#
# The module k8s.io/kubernetes names its parts (k8s.io/api, k8s.io/client-go, ...) as folders of its repository, which the module itself
# does not hold. Each part is published as a module too, as v0.X.Y for Kubernetes 1.X.Y: so a module of our own says that.
set -euo pipefail
version=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

source=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/^[[:space:]]*"Dir": "\(.*\)",\{0,1\}$/\1/p')
parts=$(sed -n 's|^[[:space:]]*\(k8s.io/[a-z0-9-]*\) => ./staging/.*|\1|p' "$source/go.mod")
{
  printf 'module weir.test/kube\n\ngo 1.24.0\n\ngodebug default=go1.24\n\nrequire k8s.io/kubernetes v%s\n\nreplace (\n' "$version"
  for part in $parts; do printf '\t%s => %s v0.%s\n' "$part" "$part" "${version#1.}"; done
  printf ')\n'
} > go.mod
printf 'package kube\n\nimport (\n\t_ "k8s.io/kubernetes/cmd/kube-apiserver"\n\t_ "k8s.io/kubernetes/cmd/kubectl"\n)\n' > kube.go
sed -i '1i //go:build tools\n' kube.go
go mod tidy 2> /dev/null

about=k8s.io/component-base/version
minor=${version#1.}
flags="-s -w -X $about.gitVersion=v$version -X $about.gitMajor=1 -X $about.gitMinor=${minor%%.*}"
for program in kube-apiserver kubectl; do
  CGO_ENABLED=0 go build -mod=mod -ldflags "$flags" -o "$folder/$program" "k8s.io/kubernetes/cmd/$program"
done
