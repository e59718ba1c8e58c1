# shellcheck shell=bash
# The steps of deploy/bring-up.sh, each a claim about a stack of Compose. Sourced, not run.

IMAGE=$(sed -nE "s/^ *image: (shoal:.*)/\1/p" docker-compose.yml)
IMAGE_MB_MAX=400
HEALTHY_S_MAX=120
ALERT_S_MAX=180

build_image() {
  SHOAL_REVISION=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  export SHOAL_REVISION
  compose build console >/dev/null 2>&1 || compose build console
  local size
  size=$(docker image inspect --format '{{.Size}}' "$IMAGE" | awk '{ printf "%d", $1 / 1e6 }')
  say "image built: $size MB, of which below Shoal: $(layers_of "$IMAGE")"
  [ "$size" -le "$IMAGE_MB_MAX" ] || fail "the image is larger than $IMAGE_MB_MAX MB"
  image_is_whole "$(mktemp)"
}
image_is_whole() {
  docker run --rm -i --network none --entrypoint python "$IMAGE" - <deploy/lab/imports.py || fail "something was cut off the image"
  docker run --rm --network none "$IMAGE" --help >/dev/null 2>"$1" || fail "shoal --help"
  [ ! -s "$1" ] || { cat "$1"; fail "commands are left out"; }
  say "every module of the image imports, no command is left out"
}
layers_of() { docker history --format '{{.CreatedBy}} {{.Size}}' "$1" | awk '/COPY|ADD/ && $NF != "0B" { printf "%s%s", sep, $NF; sep = " + " }'; }

start_all() { # how many workers
  local started=$SECONDS names
  mapfile -t names < <(services | grep -vx feed)
  compose up -d --no-build --scale worker="$1" "${names[@]}"
  within "$HEALTHY_S_MAX" "Kafka is healthy" healthy kafka 1
  within 60 "topics were created" ended_well topics
  within "$HEALTHY_S_MAX" "$1 workers are healthy" healthy worker "$1"
  within 60 "the console is healthy" healthy console 1
  within 60 "Prometheus is healthy" healthy prometheus 1
  within 60 "Alertmanager is healthy" healthy alertmanager 1
  if printf '%s\n' "${names[@]}" | grep -qx grafana; then within 60 "Grafana is healthy" healthy grafana 1; fi
  if printf '%s\n' "${names[@]}" | grep -qx postgres; then within 60 "PostgreSQL is healthy" healthy postgres 1; fi
  say "all healthy after $((SECONDS - started)) s"
  [ $((SECONDS - started)) -le "$HEALTHY_S_MAX" ] || fail "it took more than $HEALTHY_S_MAX s"
}

events_flow() { # workers
  within 60 "Prometheus scrapes $1 workers and the console" at_least 'sum(up{job=~"shoal.*"})' $(($1 + 1))
  within 90 "$1 workers are ready" at_least 'sum(shoal_ready)' "$1"
  compose up -d --no-build --no-deps feed
  within 120 "events were read from the raw topics" at_least 'sum(shoal_events_consumed_total)' 1
}

kill_a_worker() { # workers
  local victim
  victim=$(compose ps -q worker | awk 'NR == 1')
  docker kill --signal KILL "$victim" >/dev/null
  say "a worker was killed in the middle of the events"
  sleep 5
  docker start "$victim" >/dev/null
  within 120 "it is back and healthy" healthy worker "$1"
}

restart_broker() { # workers
  compose restart --timeout 30 kafka >/dev/null 2>&1
  say "the broker was restarted"
  within 90 "Kafka is healthy again" healthy kafka 1
  within 120 "$1 workers are ready again" at_least 'sum(shoal_ready)' "$1"
}

alert_in_console() {
  within "$ALERT_S_MAX" "an opened alert was read from shoal.alerts" alert_opened
  cut -c1-400 <<<"$opened"
  case_id=$(sed -nE 's/.*"campaign":"([0-9a-f]+)".*/\1/p' <<<"$opened" | awk 'NR == 1')
  password=$(admins_password)
  within 60 "a moderator logs in and sees case $case_id in the console" case_in_console "$case_id" "$password"
}

# However often workers and broker went away: every event was worked off, none was refused, the cases that were opened on
# Kafka are those of the store, and those that the detector opens on the same events when nobody disturbs it.
nothing_lost() {
  within 180 "all simulated events were sent" ended_well feed
  within 180 "nothing waits in Kafka" all_read
  [ -z "$(value 'sum(shoal_dead_letters_total) > 0')" ] || fail "events of the simulation were refused"
  within 60 "the store has the cases that were opened on shoal.alerts" same_cases
  say "cases called after all that: $(wc -l <<<"$here")"
  local undisturbed
  undisturbed=$(compose run --rm --no-deps -T --entrypoint python worker - <deploy/lab/replayed.py)
  [ "$here" = "$undisturbed" ] || fail "undisturbed it would have been: $undisturbed; it was: $here"
  say "they are those of an undisturbed run on the same events"
}

# So that a backup has a decision in it, and its log something to prove.
decide_case() {
  compose exec -T console shoal decide "$case_id" confirm --by admin --text "seen in bring-up" --yes
  within 60 "the decision reached Kafka" decision_sent
}
decision_sent() {
  local told  # the tool ends with an error when its time is over
  told=$(kafka_tool kafka-console-consumer.sh --topic shoal.verdicts --from-beginning --timeout-ms 5000 || true)
  grep -qF "$case_id" <<<"$told"
}

log_is_whole() { # decisions
  local said
  said=$(compose exec -T console shoal audit verify) || fail "the log is not whole: $said"
  echo "$said"
  grep -qE "^$1 decisions?" <<<"$said" || fail "the log should have $1 decisions"
}

# What a stack without Kafka needs of it: the client's certificate, where there are any.
client_files() {
  if has_service certificates; then compose run --rm --no-deps -T certificates >/dev/null 2>&1; fi
}
same_cases() {
  here=$(cases_called)
  [ -n "$here" ] && [ "$here" = "$(cases_opened | uniq)" ]
}

backup_and_restore() {
  local folder before after
  folder=$(mktemp -d)
  compose exec -T console shoal store backup - >"$folder/shoal.db"
  say "backed up under way: $(wc -c <"$folder/shoal.db") bytes"
  before=$(cases_called)
  (
    # a stack of its own, with nothing of the first
    export COMPOSE_PROJECT_NAME=$COMPOSE_PROJECT_NAME-restored SHOAL_CONSOLE_PORT=$((SHOAL_CONSOLE_PORT + 1))
    trap take_down EXIT
    client_files
    compose run --rm --no-deps -T console store restore - <"$folder/shoal.db"
    compose up -d --no-build --no-deps console >/dev/null 2>&1
    within 60 "a fresh console runs on the restored store" healthy console 1
    within 30 "the moderator logs in there and sees the case" case_in_console "$case_id" "$password"
    log_is_whole 1
    cases_called >"$folder/after"
  )
  after=$(cat "$folder/after")
  rm -rf "$folder"
  [ -n "$before" ] && [ "$before" = "$after" ] || fail "the restored store has other cases"
  say "the restored store has the same $(wc -l <<<"$after") called cases"
}

figures() {
  say "what Prometheus sees"
  ask 'up'
  ask 'sum by (topic) (shoal_events_consumed_total)'
  ask 'sum by (outcome, state) (shoal_alerts_total)'
  compose exec -T prometheus promtool check rules /etc/prometheus/rules.yml
  say "memory at rest"
  # shellcheck disable=SC2046  # ids are words
  docker stats --no-stream --format '{{.Name}} {{.MemUsage}}' $(compose ps -q | sort -u) | column -t
  say "seconds from start to the first answer of /-/healthy: console $(seconds_to_answer console 8321), worker $(seconds_to_answer worker 6066)"
}
seconds_to_answer() { # service, port; restarts one of it
  local container address
  container=$(compose ps -q "$1" | awk 'NR == 1')
  docker restart --time 20 "$container" >/dev/null
  address=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$container")
  python3 - "$address" "$2" "$(docker inspect --format '{{.State.StartedAt}}' "$container")" <<'PYTHON'
import sys, time, urllib.error, urllib.request
from datetime import datetime
address, port, started = sys.argv[1:]
began = datetime.fromisoformat(started[:26].rstrip("Z") + "+00:00").timestamp()
for _ in range(600):
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            urllib.request.Request(f"http://{address}:{port}/-/healthy", headers={"Host": "127.0.0.1"}), timeout=1
        )
        break
    except urllib.error.HTTPError:
        break  # it answers
    except OSError:
        time.sleep(0.05)
print(f"{time.time() - began:.1f}")
PYTHON
}
