# shellcheck shell=bash disable=SC2154 # its variables are those of deploy-multiuser.sh
# Giọng in containers on this machine, by docker compose.

secrets=$here/secrets
environment_file=$here/.env

# What was chosen the last time: without a word, --postgres must not go, and all that is in it.
recall_choices() {
  local said
  said=$(sed -n 's/^GIONG_REDIS=//p' "$destination$environment_file" 2>/dev/null || true)
  redis_kind=${redis_kind:-${said:-sentinel}}
  [ -n "$postgres" ] || postgres=$(sed -n 's/^GIONG_POSTGRES=//p' "$destination$environment_file" 2>/dev/null || true)
}

compose() {
  local files=(-f "$here/docker-compose.production.yml" -f "$here/docker/$redis_kind.yml")
  [ -z "$postgres" ] || files+=(-f "$here/docker/postgres.yml")
  run docker compose --project-name giong --env-file "$environment_file" "${files[@]}" "$@"
}

install_docker() {
  if [ -z "$destination$dry_run" ]; then
    docker compose version >/dev/null 2>&1 || fail "cần docker compose v2 · docker compose (version 2) is needed"
    docker info >/dev/null 2>&1 || fail "không nói chuyện được với Docker · the Docker daemon does not answer"
  fi
  recall_choices
  say "→ $destination$secrets"
  # Containers run as users of their own, who must read them; the folder keeps everybody else out.
  [ -n "$dry_run" ] || { mkdir -p "$destination$secrets" && chmod 0700 "$destination$secrets"; }
  local name
  for name in giong_admin_key redis_password redis_admin_password stats_password grafana_password postgres_password; do
    secret 0444 "$secrets/$name"
  done
  write_certificate 0444 "$secrets/giong_certificate"
  write 0600 "$environment_file" <<ENV
# Written by deploy-multiuser.sh $kind $instances $users; what else docker-compose.production.yml knows may be set in the environment.
GIONG_SERVERS=$instances
GIONG_WORKER_PROCESSES=$processes
GIONG_THREADS=$threads
GIONG_WORKER_CPUS=$threads
GIONG_WORKER_LIMIT=${process_mib}M
GIONG_MAXCONN=$connections
GIONG_USERS_PER_ADDRESS=$users_per_address
GIONG_CONNECTIONS_PER_ADDRESS=$connections_per_address
DATABASE_POOL=$pool
GIONG_REDIS=$redis_kind
GIONG_POSTGRES=$postgres
ENV
  [ -z "$destination" ] || return 0
  compose up --detach --build --wait --wait-timeout 300 --remove-orphans
  run wait_until_ready "https://127.0.0.1:${GIONG_HTTPS_PORT:-443}/ready" "docker compose -p giong logs"
  say "  https://$(hostname)            ứng dụng · the app"
  say "  http://127.0.0.1:8404        HAProxy (admin, $secrets/stats_password)"
  say "  http://127.0.0.1:3001        Grafana (admin, $secrets/grafana_password)"
  say "  http://127.0.0.1:9090        Prometheus"
  say "  khóa quản trị · admin key    $secrets/giong_admin_key"
  say "✓ xong · done"
}

uninstall_docker() {
  local with=()
  [ -z "$purge" ] || with+=(--volumes)
  [ -e "$environment_file" ] || environment_file=/dev/null
  # All services, whichever Redis and database they were started with.
  run docker compose --project-name giong --env-file "$environment_file" -f "$here/docker-compose.production.yml" \
    -f "$here/docker/sentinel.yml" -f "$here/docker/cluster.yml" -f "$here/docker/postgres.yml" down --remove-orphans "${with[@]}"
  if [ -n "$purge" ]; then run rm -rf "$secrets" "$here/.env"; else say "giữ lại · kept: $secrets, volumes (--purge)"; fi
}
