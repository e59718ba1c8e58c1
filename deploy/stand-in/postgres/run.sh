#!/bin/bash
# As the public image does, in short: an empty folder becomes a cluster with POSTGRES_USER and POSTGRES_DB, then it runs.
set -euo pipefail
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086  # options are words
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-} >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  postgres --single -D "$PGDATA" postgres >/dev/null <<<"CREATE DATABASE ${POSTGRES_DB:-$POSTGRES_USER}"
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
