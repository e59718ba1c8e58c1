#!/usr/bin/env bash
# Where no image can be pulled but base images of other names exist: give every image that docker-compose.yml and the
# Dockerfile name a stand-in under that very name. They show that our files work together, no more.
# Needs docker, Maven, and local images debian:bookworm-slim, python:3.11-slim, eclipse-temurin:17-jre,
# prom/prometheus:latest, prom/alertmanager:latest. Nothing stands for Grafana: Debian has no package of it.
set -euo pipefail
cd "$(dirname "$0")"

pinned() { grep -ohE "(image: |FROM )$1:[^ ]+" ../../docker-compose.yml ../compose/*.yml ../../Dockerfile | head -1 | sed -E 's/^(image: |FROM )//'; }
have() { docker image inspect "$1" >/dev/null 2>&1; }

stand() { # public name, local image
  local name
  name=$(pinned "$1")
  have "$name" || docker tag "$2" "$name"
  echo "stand-in: $name is $2"
}

stand python python:3.11-slim
stand prom/prometheus prom/prometheus:latest
stand prom/alertmanager prom/alertmanager:latest

postgres=$(pinned postgres)
have "$postgres" || docker build -q --network host -t "$postgres" postgres >/dev/null
echo "stand-in: $postgres is Debian's PostgreSQL"

kafka=$(pinned apache/kafka)
if ! have "$kafka"; then
  context=$(mktemp -d)
  trap 'rm -rf "$context"' EXIT
  cp kafka/Dockerfile kafka/run.sh kafka/tool.sh "$context"
  mvn -q -B -f kafka/pom.xml org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies "-DoutputDirectory=$context/libs"
  docker build -q -t "$kafka" "$context" >/dev/null
fi
echo "stand-in: $kafka is made of Maven's jars"
