#!/usr/bin/env bash
# Brings docker-compose.yml up for real with simulated events, looks at it from outside, breaks it, takes it down.
# Ends with 0 only if: the image is under its limit; all services are healthy within two minutes; an alert was raised and
# seen by a moderator in the console; after a worker was killed and the broker restarted no event waits or was refused,
# and the cases are those of an undisturbed run on the same events; a decision reaches Kafka; a backup restored into a fresh
# stack has the same cases and the decision.
#
#   bash deploy/bring-up.sh              what CI runs, three minutes and the building of the image
#   bash deploy/bring-up.sh postgres     the same on PostgreSQL, with its own backup
#   bash deploy/bring-up.sh tls          the same with TLS and SASL to the broker
#   bash deploy/bring-up.sh upgrade [COMMIT]   an older version's stack (default: the newest tag) taken over by this one
#   bash deploy/bring-up.sh twice        only builds the image, twice, the second time from nothing: the layers are the same
#
# WORKERS=2               how many workers
# KEEP=1                  leave it running
# SHOAL_STAND_INS=1       make stand-ins for the images first (deploy/stand-in/make.sh), where none can be pulled
# SHOAL_KAFKA_PORT, SHOAL_PROMETHEUS_PORT, SHOAL_CONSOLE_PORT, SHOAL_ALERTMANAGER_PORT   ports on 127.0.0.1
set -euo pipefail
cd "$(dirname "$0")/.."
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-shoal-bring-up}
export SHOAL_KAFKA_PORT=${SHOAL_KAFKA_PORT:-19392} SHOAL_PROMETHEUS_PORT=${SHOAL_PROMETHEUS_PORT:-19390}
export SHOAL_CONSOLE_PORT=${SHOAL_CONSOLE_PORT:-18321} SHOAL_ALERTMANAGER_PORT=${SHOAL_ALERTMANAGER_PORT:-19393}
workers=${WORKERS:-2}
for part in common watch steps longer; do
  # shellcheck source=/dev/null  # beside this file
  . "deploy/lab/$part.sh"
done

mode=${1:-all}
trap finish EXIT
[ -z "${SHOAL_STAND_INS:-}" ] || bash deploy/stand-in/make.sh
bash deploy/secrets.sh
case $mode in
  all) ;;
  postgres) export COMPOSE_FILE=docker-compose.yml:deploy/compose/postgres.yml ;;
  tls) use_tls ;;
  upgrade) upgrade "${2:-}"; say "all good"; exit 0 ;;
  twice) build_twice; say "all good"; exit 0 ;;
  *) sed -n 2,20p "$0"; exit 2 ;;
esac

compose config --quiet
build_image
start_all "$workers"
events_flow "$workers"
kill_a_worker "$workers"
restart_broker "$workers"
alert_in_console
nothing_lost
decide_case
case $mode in
  postgres) backup_and_restore_postgres ;;
  *) backup_and_restore ;;
esac
figures
compose ps
say "all good"
