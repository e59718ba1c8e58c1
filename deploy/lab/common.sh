# shellcheck shell=bash
# What every step of deploy/bring-up.sh uses: saying, waiting, looking at containers. Sourced, not run.

say() { printf 'bring-up: %s (%s s)\n' "$*" "$SECONDS"; }
fail() { say "FAILED: $*"; exit 1; }

compose() {
  local profiles=(--profile demo --profile observability)
  if docker compose version >/dev/null 2>&1; then docker compose "${profiles[@]}" "$@"; else docker-compose "${profiles[@]}" "$@"; fi
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

# The services that are brought up: without Grafana where its image cannot be had.
services() {
  local image
  image=$(sed -nE 's/^ *image: (grafana\/.*)/\1/p' docker-compose.yml)
  if docker image inspect "$image" >/dev/null 2>&1 || docker pull -q "$image" >/dev/null 2>&1; then
    compose config --services
  else
    echo "bring-up: $image cannot be had here, Grafana is left out" >&2
    compose config --services | grep -vx grafana
  fi
}

# Not `grep -q` behind a pipe: it leaves early, and what writes to it then ends with an error that looks like a no.
has_service() { grep -qx "$1" <<<"$(compose config --services)"; }

state_of() { docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{end}} {{.State.ExitCode}}' "$1"; }
healthy() { # service, how many
  local containers
  containers=$(compose ps -q "$1")
  [ "$(wc -w <<<"$containers")" = "$2" ] || return 1
  for container in $containers; do [[ $(state_of "$container") == "running healthy"* ]] || return 1; done
}
ended_well() { [[ $(state_of "$(compose ps -aq "$1")") == exited*" 0" ]]; }

take_down() { compose down --volumes --remove-orphans --timeout 20 >/dev/null 2>&1 || true; }
finish() {
  local status=$?
  if [ "$status" != 0 ]; then
    say "FAILED; the services and their last lines:"
    compose ps || true
    compose logs --no-color --tail="${TAIL:-40}" || true
  fi
  [ -n "${KEEP:-}" ] || take_down
  exit "$status"
}
