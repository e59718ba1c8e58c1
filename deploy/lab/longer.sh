# shellcheck shell=bash
# What bring-up.sh shows beyond what CI has time for. Sourced, not run.

use_tls() {
  export COMPOSE_FILE=docker-compose.yml:deploy/compose/tls.yml
  export KAFKA_CLIENT_FILE=/etc/kafka/secrets/client.properties  # in the broker's container
}

postgres_url() { sed "s/+psycopg//; s/@postgres/@127.0.0.1/" deploy/secrets/store_url; }
# With PostgreSQL's own tools, as docs/operations/backup.md says.
backup_and_restore_postgres() {
  local folder before after
  folder=$(mktemp -d)
  compose exec -T postgres pg_dump -Fc -d "$(postgres_url)" >"$folder/shoal.dump"
  say "backed up under way: $(wc -c <"$folder/shoal.dump") bytes"
  before=$(cases_called)
  (
    export COMPOSE_PROJECT_NAME=$COMPOSE_PROJECT_NAME-restored SHOAL_CONSOLE_PORT=$((SHOAL_CONSOLE_PORT + 1))
    trap take_down EXIT
    compose up -d --no-build --no-deps postgres >/dev/null 2>&1
    within 60 "a fresh PostgreSQL is healthy" healthy postgres 1
    compose exec -T postgres pg_restore --no-owner --exit-on-error -d "$(postgres_url)" <"$folder/shoal.dump"
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

# The stack of an older version, with its own compose file and image, then this version on its volumes.
upgrade() { # commit; the newest tag if none
  local from=${1:-$(git describe --tags --abbrev=0 2>/dev/null || true)} here=$PWD folder before after
  [ -n "$from" ] || fail "no tag in this repository: name a commit"
  folder=$(mktemp -d)
  git archive "$from" | tar -x -C "$folder"
  say "bringing up $(git log -1 --format='%h %s' "$from")"
  (
    cd "$folder"
    compose build console >/dev/null 2>&1
    compose up -d --no-build --scale worker=1 kafka topics worker console feed >/dev/null 2>&1
  )
  within 180 "the older worker is healthy" healthy worker 1
  within 120 "the older console is healthy" healthy console 1
  alert_in_console
  within 180 "all simulated events were sent" ended_well feed
  within 180 "nothing waits in Kafka" all_read
  sleep 10
  before=$(cases_called)
  [ -n "$before" ] || fail "the older version called nobody"
  decide_case
  compose exec -T console shoal store migrate
  say "stopping the older version, starting $(git log -1 --format='%h %s')"
  (cd "$folder" && compose stop --timeout 30 worker console >/dev/null 2>&1 && compose rm -f worker console topics feed >/dev/null 2>&1)
  cd "$here"
  build_image
  compose up -d --no-build --scale worker=1 kafka topics worker console >/dev/null 2>&1
  within 120 "this worker is healthy on the older state" healthy worker 1
  within 120 "this console is healthy on the older store" healthy console 1
  compose logs --no-color worker | grep -E '"event": ?"(snapshot loaded|shard is warm|snapshot does not fit)' | cut -c1-220 || true
  after=$(cases_called)
  [ "$before" = "$after" ] || fail "the cases differ after the upgrade"
  say "the same $(wc -l <<<"$after") called cases after the upgrade"
  within 60 "the moderator logs in with the old password and sees the case" case_in_console "$case_id" "$password"
  log_is_whole 1
  rm -rf "$folder"
}
