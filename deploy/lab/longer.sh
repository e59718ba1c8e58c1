# shellcheck shell=bash
# What bring-up.sh shows beyond what CI has time for. Sourced, not run.

use_tls() {
  export COMPOSE_FILE=docker-compose.yml:deploy/compose/tls.yml
  export KAFKA_CLIENT_FILE=/etc/kafka/secrets/client.properties  # in the broker's container
}

# With PostgreSQL's own tools, as docs/operations/backup.md says.
backup_and_restore_postgres() {
  local folder before after
  folder=$(mktemp -d)
  compose exec -T postgres pg_dump -Fc -U shoal shoal >"$folder/shoal.dump"
  say "backed up under way: $(wc -c <"$folder/shoal.dump") bytes"
  before=$(cases_called)
  (
    export COMPOSE_PROJECT_NAME=$COMPOSE_PROJECT_NAME-restored SHOAL_CONSOLE_PORT=$((SHOAL_CONSOLE_PORT + 1))
    trap take_down EXIT
    compose up -d --no-build --no-deps postgres >/dev/null 2>&1
    within 60 "a fresh PostgreSQL is healthy" healthy postgres 1
    compose exec -T postgres dropdb -U shoal shoal
    compose exec -T postgres createdb -U shoal -T template0 -E UTF8 shoal
    compose exec -T postgres pg_restore --no-owner --exit-on-error -U shoal -d shoal <"$folder/shoal.dump"
    compose up -d --no-build --no-deps console >/dev/null 2>&1
    within 60 "a fresh console runs on the restored database" healthy console 1
    within 30 "the moderator logs in there and sees the case" case_in_console "$case_id" "$password"
    log_is_whole 1
    cases_called >"$folder/after"
  )
  after=$(cat "$folder/after")
  rm -rf "$folder"
  [ -n "$before" ] && [ "$before" = "$after" ] || fail "the restored database has other cases"
  say "the restored database has the same $(wc -l <<<"$after") called cases"
}

# The stack of an older version, with its own compose file and image, then this version on its volumes. The first versions
# had no console: then there is no password and no decision to keep.
upgrade() { # tag or commit; the newest tag before this commit if none
  local from=${1:-$(git describe --tags --abbrev=0 HEAD^ 2>/dev/null || true)} here=$PWD folder before decisions=0
  [ -n "$from" ] || fail "no tag in this repository: name a commit"
  folder=$(mktemp -d)
  git archive "$from" | tar -x -C "$folder"
  cd "$folder"
  start_older "$from"
  cd "$here"
  before=$(cases_opened)
  [ -n "$before" ] || fail "the older version called nobody"
  if in_older console "$folder"; then
    alert_in_console
    decide_case
    compose exec -T console shoal store migrate
    decisions=1
  fi
  say "stopping $from, starting $(git log -1 --format='%h %s')"
  (cd "$folder" && compose stop --timeout 30 >/dev/null 2>&1 && compose rm -f >/dev/null 2>&1)
  rm -rf "$folder"
  build_image
  compose up -d --no-build --scale worker=1 kafka topics worker console >/dev/null 2>&1
  within 120 "this worker is healthy on the older state" healthy worker 1
  within 120 "this console is healthy on the older store" healthy console 1
  compose logs --no-color worker | grep -E '"event": ?"(snapshot loaded|shard is warm|snapshot does not fit)' | cut -c1-220 || true
  within 180 "this worker is ready" worker_ready
  [ "$before" = "$(cases_called)" ] || fail "the store has other cases after the upgrade"
  [ "$before" = "$(cases_opened)" ] || fail "cases were opened anew after the upgrade"
  say "the same $(wc -l <<<"$before") called cases after the upgrade, none opened twice"
  if [ "$decisions" = 1 ]; then
    within 60 "the moderator logs in with the old password and sees the case" case_in_console "$case_id" "$password"
  else
    alert_in_console
  fi
  log_is_whole "$decisions"
}
start_older() { # tag or commit; in its folder
  local names=(kafka topics worker feed)
  say "bringing up $(git -C "$here" log -1 --format='%h %s' "$1")"
  if in_older console .; then names+=(console); fi
  compose build worker >/dev/null 2>&1
  compose up -d --no-build --scale worker=1 "${names[@]}" >/dev/null 2>&1
  within 180 "the older worker is healthy" healthy worker 1
  if in_older console .; then within 120 "the older console is healthy" healthy console 1; fi
  within 180 "all simulated events were sent" ended_well feed
  within 180 "nothing waits in Kafka" all_read
  sleep 10
}
in_older() { (cd "$2" && has_service "$1"); }
worker_ready() { compose exec -T worker shoal healthy --ready >/dev/null 2>&1; }

# Whoever builds a commit gets the image of whoever built it before, and can so show what that one is made of.
build_twice() {
  local first second
  build_image
  first=$(digests_of_layers)
  say "building again, from nothing"
  compose build --no-cache console >/dev/null 2>&1 || compose build --no-cache console
  second=$(digests_of_layers)
  diff <(echo "$first") <(echo "$second") || fail "two builds of one commit differ in these layers (system, packages, shoal)"
  say "two builds, the same $(wc -l <<<"$first") layers"
}
digests_of_layers() { docker image inspect --format '{{join .RootFS.Layers "\n"}}' "$IMAGE"; }
