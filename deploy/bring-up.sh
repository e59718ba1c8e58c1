#!/usr/bin/env bash
# Brings docker-compose.yml up for real with simulated events, looks at it from outside, takes it down.
# Ends with 0 only if all services are healthy, an alert was read from shoal.alerts and seen by a moderator in the console,
# and Prometheus scrapes the workers.
#
#   bash deploy/bring-up.sh
#
# WORKERS=2               how many workers
# KEEP=1                  leave it running
# SHOAL_STAND_INS=1       make stand-ins for the images first (deploy/stand-in/make.sh), where none can be pulled
# SHOAL_KAFKA_PORT, SHOAL_PROMETHEUS_PORT, SHOAL_CONSOLE_PORT   ports on 127.0.0.1
set -euo pipefail
cd "$(dirname "$0")/.."
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-shoal-bring-up}
export SHOAL_KAFKA_PORT=${SHOAL_KAFKA_PORT:-19392} SHOAL_PROMETHEUS_PORT=${SHOAL_PROMETHEUS_PORT:-19390}
export SHOAL_CONSOLE_PORT=${SHOAL_CONSOLE_PORT:-18321}
workers=${WORKERS:-2}
alert_s_max=180

say() { printf 'bring-up: %s (%s s)\n' "$*" "$SECONDS"; }
compose() {
  if docker compose version >/dev/null 2>&1; then docker compose --profile demo "$@"; else docker-compose --profile demo "$@"; fi
}
take_down() { [ -n "${KEEP:-}" ] || compose down --volumes --remove-orphans --timeout 20 >/dev/null 2>&1 || true; }
finish() {
  local status=$?
  if [ "$status" != 0 ]; then
    say "FAILED; the services and their last lines:"
    compose ps || true
    compose logs --no-color --tail=40 || true
  fi
  take_down
  exit "$status"
}
within() { # seconds, what, command…
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || { say "gave up waiting: $what"; return 1; }
    sleep 2
  done
  say "$what"
}

state_of() { docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}} {{.State.ExitCode}}' "$1"; }
healthy() { # service, how many
  local containers
  containers=$(compose ps -q "$1")
  [ "$(wc -w <<<"$containers")" = "$2" ] || return 1
  for container in $containers; do [[ $(state_of "$container") == "running healthy"* ]] || return 1; done
}
ended_well() { [[ $(state_of "$(compose ps -aq "$1")") == exited*" 0" ]]; }
ask() { compose exec -T prometheus promtool query instant http://127.0.0.1:9090 "$1" 2>/dev/null; }
# the value of a query with one row: `{} => 2 @[1700000000]`
value() { ask "$1" | sed -nE 's/^.*=> ([0-9.e+]+) @.*/\1/p' | head -1; }
at_least() { awk -v seen="$(value "$1")" -v wanted="$2" 'BEGIN { exit !(seen != "" && seen + 0 >= wanted) }'; }
read_alerts() {
  compose exec -T kafka /opt/kafka/bin/kafka-console-consumer.sh --bootstrap-server kafka:19092 \
    --topic shoal.alerts --from-beginning --timeout-ms 5000 2>/dev/null
}
alert_opened() {
  opened=$(read_alerts | grep -F '"state":"opened"' | head -1 || true)
  [ -n "$opened" ]
}
# Logs in as the first admin, whose password stands once in the console's log, and opens the case.
case_in_console() {
  compose exec -T console python - "$1" "$(compose logs --no-color console | sed -nE 's/.*password ([^ ]+) .*/\1/p' | head -1)" <<'PYTHON'
import re, sys, urllib.parse, urllib.request
from http.cookiejar import CookieJar
site, (case, password) = "http://127.0.0.1:8321", sys.argv[1:]
browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
page = browser.open(site + "/login", timeout=10).read().decode()
fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
form = urllib.parse.urlencode({**fields, "user": "admin", "password": password}).encode()
browser.open(urllib.request.Request(site + "/login", form, {"Origin": site}), timeout=10)
page = browser.open(f"{site}/cases/{case}", timeout=10).read().decode()
sys.exit(0 if case in page and "/login" not in page.split("<main", 1)[0] else 1)
PYTHON
}

trap finish EXIT
[ -z "${SHOAL_STAND_INS:-}" ] || bash deploy/stand-in/make.sh
compose config --quiet
compose build --quiet 2>/dev/null || compose build
say "image built: $(docker image inspect --format '{{.Size}}' shoal:0.1.0 | awk '{ printf "%d MB", $1 / 1e6 }')"
compose up -d --no-build --scale worker="$workers"

within 90 "Kafka is healthy" healthy kafka 1
within 60 "topics were created" ended_well topics
within 120 "$workers workers are healthy" healthy worker "$workers"
within 60 "the console is healthy" healthy console 1
within 60 "Prometheus is healthy" healthy prometheus 1
within 60 "Prometheus scrapes $workers workers" at_least 'sum(up{job="shoal"})' "$workers"
within 90 "$workers workers are ready" at_least 'sum(shoal_ready)' "$workers"
within 120 "events were read from the raw topics" at_least 'sum(shoal_events_consumed_total)' 1

within "$alert_s_max" "an opened alert was read from shoal.alerts" alert_opened
cut -c1-600 <<<"$opened"
within 60 "alerts are counted" at_least 'sum(shoal_alerts_total)' 1

case_id=$(sed -nE 's/.*"campaign":"([0-9a-f]+)".*/\1/p' <<<"$opened" | head -1)
within 60 "a moderator logs in and sees the case in the console" case_in_console "$case_id"

say "what Prometheus sees"
ask 'up{job="shoal"}'
ask 'sum by (topic) (shoal_events_consumed_total)'
ask 'sum by (outcome, state) (shoal_alerts_total)'
compose exec -T prometheus promtool check rules /etc/prometheus/rules.yml
for container in $(compose ps -q worker); do
  [ "$(docker inspect --format '{{.RestartCount}}' "$container")" = 0 ] || { say "a worker had to be restarted"; exit 1; }
done
[ -z "$(value 'sum(shoal_dead_letters_total) > 0')" ] || { say "events of the simulation were refused"; exit 1; }
compose ps
say "all good"
