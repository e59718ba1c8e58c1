# shellcheck shell=bash
# Looks at a stack from outside: Prometheus, Kafka, the store, the console. Sourced, not run.

ask() { compose exec -T prometheus promtool query instant http://127.0.0.1:9090 "$1" 2>/dev/null; }
# the value of a query with one row: `{} => 2 @[1700000000]`
value() { ask "$1" | sed -nE 's/^.*=> ([0-9.e+-]+) @.*/\1/p' | awk 'NR == 1'; }
at_least() { awk -v seen="$(value "$1")" -v wanted="$2" 'BEGIN { exit !(seen != "" && seen + 0 >= wanted) }'; }

kafka_tool() { # tool, arguments; with credentials where the broker wants them
  local tool=$1 option=--command-config
  shift
  [ "$tool" != kafka-console-consumer.sh ] || option=--consumer.config
  [ -n "${KAFKA_CLIENT_FILE:-}" ] && set -- "$@" "$option" "$KAFKA_CLIENT_FILE"
  compose exec -T kafka "/opt/kafka/bin/$tool" --bootstrap-server kafka:19092 "$@" 2>/dev/null
}
read_alerts() { kafka_tool kafka-console-consumer.sh --topic shoal.alerts --from-beginning --timeout-ms 5000; }
# every case that was opened on Kafka, as often as it was opened
cases_opened() { { read_alerts || true; } | sed -nE '/"state":"opened"/s/^\{"campaign":"([0-9a-f]+)".*/\1/p' | sort; }
alert_opened() {
  opened=$(read_alerts | grep -F '"state":"opened"' | awk 'NR == 1' || true)
  [ -n "$opened" ]
}
# Nothing waits in Kafka for a worker.
all_read() {
  local group
  for group in shoal shoal-ingest; do
    kafka_tool kafka-consumer-groups.sh --describe --group "$group" \
      | awk '$6 ~ /^[0-9]+$/ { seen = 1; lag += $6 } END { exit !(seen && lag == 0) }' || return 1
  done
}

# campaign and outcome of every case that called a person, from the console's database
cases_called() {
  compose exec -T console python - <"deploy/lab/cases_called.py"
}

# Logs in as the first admin and opens the case.
case_in_console() { # case, password
  compose exec -T console python - "$1" "$2" <"deploy/lab/see_case.py"
}
# It stands once in the console's log.
admins_password() { compose logs --no-color console | sed -nE 's/.*with the password ([^ ]+) .*/\1/p' | awk 'NR == 1'; }
