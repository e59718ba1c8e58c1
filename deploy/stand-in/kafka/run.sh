#!/bin/bash
# As the public image does: KAFKA_FOO_BAR becomes foo.bar in server.properties (__ is _, ___ is -), CLUSTER_ID
# formats the storage once, then the broker runs.
set -euo pipefail
properties=/opt/kafka/config/server.properties
: >"$properties"
while IFS='=' read -r -d '' name value; do
  case $name in
    KAFKA_HEAP_OPTS | KAFKA_OPTS | KAFKA_JVM_PERFORMANCE_OPTS | KAFKA_LOG4J_*) ;;
    KAFKA_*)
      key=$(sed -E 's/^KAFKA_//; s/___/-/g; s/__/\x01/g; s/_/./g; s/\x01/_/g' <<<"$name" | tr '[:upper:]' '[:lower:]')
      printf '%s=%s\n' "$key" "$value" >>"$properties"
      ;;
  esac
done </proc/self/environ
classpath='/opt/kafka/libs/*'
java -Xmx128m -cp "$classpath" kafka.tools.StorageTool format --ignore-formatted -t "$CLUSTER_ID" -c "$properties"
# shellcheck disable=SC2086  # options are words
exec java ${KAFKA_HEAP_OPTS:--Xmx512m} -XX:+UseSerialGC ${KAFKA_OPTS:-} -Dlog4j2.level=WARN -cp "$classpath" kafka.Kafka "$properties"
