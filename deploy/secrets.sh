#!/usr/bin/env bash
# Makes the secrets of docker-compose.yml that are not there yet, in deploy/secrets (in no commit and in no image).
# The folder is yours alone; the files can be read by the containers' users, to whom Compose shows them one by one.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p secrets

make() { # name, command whose output is the secret…
  local path=secrets/$1
  shift
  [ ! -s "$path" ] || return 0
  "$@" >"$path"
  chmod 0444 "$path"
  echo "made deploy/$path"
}
word() { head -c 24 /dev/urandom | base64 | tr '+/' '-_' | tr -d '\n'; }
store_url() { printf 'postgresql+psycopg://shoal:%s@postgres/shoal' "$(cat secrets/postgres_password)"; }

make grafana_password word
make postgres_password word
make store_url store_url
