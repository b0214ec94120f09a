# shellcheck shell=bash disable=SC2154 # its variables are those of deploy-multiuser.sh
# Giọng on this machine itself: units of systemd, with Debian's Redis and HAProxy.

program=/opt/giong
parts=(core server models samples wasm/build client/dist deploy package.json bun.lock bunfig.toml haproxy.cfg LICENSE NOTICE)

install_systemd() {
  if [ -z "$destination$dry_run" ]; then
    [ "$(id -u)" = 0 ] || fail "cần quyền root (sudo) · root is needed"
    [ -d /run/systemd/system ] || fail "máy này không chạy systemd, hãy dùng docker · this machine does not run systemd: use docker"
    check_ports
    install_packages
    id giong >/dev/null 2>&1 || useradd --system --home-dir /var/lib/giong --shell /usr/sbin/nologin giong
  fi
  say "→ $destination$program"
  install_program
  say "→ $destination/etc"
  write_configuration
  write_units
  [ -z "$monitoring" ] || write_monitoring
  [ -n "$destination" ] || start_systemd
  say "✓ xong · done"
}

check_ports() {
  local port
  for port in 80 443; do
    ss -Hltnp "sport = :$port" | grep -v haproxy | grep -q . && fail "cổng $port đang bận · port $port is taken"
  done
  return 0
}

install_packages() {
  local package missing=() wanted=(haproxy openssl redis-server rsync curl)
  [ -z "$monitoring" ] || wanted+=(prometheus prometheus-node-exporter prometheus-redis-exporter)
  for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  command -v apt-get >/dev/null || fail "hãy tự cài · please install: ${missing[*]}"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  # Debian starts a Redis of its own, which nobody here uses and nobody guards.
  [[ " ${missing[*]} " != *" redis-server "* ]] || systemctl disable --quiet --now redis-server.service
}

# The built program with what it needs to run, and the Bun that it was built with.
install_program() {
  local folder=$destination$program bun
  if [ -n "$dry_run" ]; then say "  ${parts[*]}"; return; fi
  [ -f "$source_folder/client/dist/sw.js" ] || (cd "$source_folder" && npm run --silent build)
  bun=$(cat "$source_folder"/node_modules/.cache/giong/bun-*[0-9] | tail -n 1)
  mkdir -p "$folder/bin"
  (cd "$source_folder" && tar -c --exclude='*.test.ts' --exclude=models/train --exclude=deploy/secrets "${parts[@]}") |
    tar -x -C "$folder" --no-same-owner
  cmp -s "$bun" "$folder/bin/bun" || install -m 0755 "$bun" "$folder/bin/bun"
  (cd "$folder" && ./bin/bun install --frozen-lockfile --ignore-scripts --production --silent)
  cat >"$folder/bin/giong" <<'GIONG'
#!/bin/sh
# `giong` with the configuration of this machine, as its own user: sudo giong doctor
set -a
. /etc/giong/giong.env
set +a
export GIONG_DATA="${GIONG_DATA:-/var/lib/giong}"
[ "$(id -u)" != 0 ] || exec runuser -u giong --preserve-environment -- /opt/giong/bin/bun /opt/giong/server/cli/main.ts "$@"
exec /opt/giong/bin/bun /opt/giong/server/cli/main.ts "$@"
GIONG
  chmod 0755 "$folder/bin/giong"
  mkdir -p "$destination/usr/local/bin"
  ln -sfn "$program/bin/giong" "$destination/usr/local/bin/giong"
}

write_configuration() {
  secret 0600 /etc/giong/redis-password
  secret 0600 /etc/giong/redis-admin-password
  write_certificate 0600 /etc/giong/certificate.pem
  # The operator's file: made once, never changed again.
  [ -e "$destination/etc/giong/giong.env" ] || write 0640 /etc/giong/giong.env root:giong <<ENV
# Giọng's configuration; every variable is told of in docs/vi/cau-hinh.md and docs/en/configuration.md.
# After a change: systemctl restart 'giong-server@*' 'giong-worker@*'
GIONG_ADMIN_KEY=$([ -n "$dry_run" ] || random)
REDIS_URL=redis://127.0.0.1:6390
REDIS_USERNAME=giong
REDIS_PASSWORD=$([ -n "$dry_run" ] || cat "$destination/etc/giong/redis-password")
# Several machines: a PostgreSQL that all reach, and an S3 bucket or a shared /var/lib/giong.
#DATABASE_URL=postgres://giong:password@10.0.0.6/giong
GIONG_USERS_PER_ADDRESS=$users_per_address
ENV
  local instance
  {
    echo "# Written by deploy-multiuser.sh."
    echo GIONG_CERTIFICATE=/etc/giong/certificate.pem
    echo "GIONG_STATS_PASSWORD=$(stats_password)"
    echo "GIONG_MAXCONN=$connections"
    for ((instance = 1; instance <= instances; instance++)); do echo "GIONG_REPLICA_$instance=127.0.0.1:808$instance"; done
  } | write 0600 /etc/giong/haproxy.env
  if [ -z "$dry_run" ] && [ -f "$destination/etc/haproxy/haproxy.cfg" ] && ! grep -q '^# Giọng behind HAProxy' "$destination/etc/haproxy/haproxy.cfg"; then
    cp -n "$destination/etc/haproxy/haproxy.cfg" "$destination/etc/haproxy/haproxy.cfg.before-giong"
  fi
  write 0644 /etc/haproxy/haproxy.cfg <"$source_folder/haproxy.cfg"
  write 0644 /etc/systemd/system/haproxy.service.d/giong.conf <<'DROPIN'
[Service]
EnvironmentFile=/etc/giong/haproxy.env
LimitNOFILE=65536
DROPIN
  for ((instance = 1; instance <= processes; instance++)); do
    write 0640 "/etc/giong/worker-$instance.env" root:giong <<ENV
# Written by deploy-multiuser.sh.
GIONG_WORKERS=$(threads_of "$instance")
GIONG_PROCESS_MEMORY=$((process_mib * 85 / 100))M
DATABASE_POOL=$pool
ENV
  done
}

# Kept from the last time.
stats_password() {
  [ -z "$dry_run" ] || return 0
  sed -n 's/^GIONG_STATS_PASSWORD=//p' "$destination/etc/giong/haproxy.env" 2>/dev/null | grep . || random
}

write_units() {
  local instance name
  for name in giong-server@.service giong-worker@.service; do
    write 0644 "/etc/systemd/system/$name" <"$here/systemd/$name"
  done
  for ((instance = 1; instance <= processes; instance++)); do
    write 0644 "/etc/systemd/system/giong-worker@$instance.service.d/50-machine.conf" <<DROPIN
# Written by deploy-multiuser.sh for this machine.
[Service]
CPUAffinity=$(cores_of "$instance")
CPUQuota=$((100 * $(threads_of "$instance")))%
MemoryHigh=$((process_mib * 90 / 100))M
MemoryMax=${process_mib}M
DROPIN
  done
}

write_monitoring() {
  local targets='' instance
  for ((instance = 1; instance <= instances; instance++)); do targets+="'127.0.0.1:808$instance', "; done
  for ((instance = 1; instance <= processes; instance++)); do targets+="'127.0.0.1:910$instance', "; done
  sed "s/\[.*127.0.0.1:8081.*]/[${targets%, }]/; s/127.0.0.1:6379/127.0.0.1:6390/" "$here/prometheus/hosts.yml" |
    write 0644 /etc/prometheus/prometheus.yml
  write 0644 /etc/prometheus/giong-alerts.yml <"$here/prometheus/alerts.yml"
  sed -n 's/^GIONG_ADMIN_KEY=//p' "$destination/etc/giong/giong.env" 2>/dev/null | tr -d '\n' | write 0640 /etc/prometheus/giong-admin-key root:prometheus
  sed -n 's/^GIONG_STATS_PASSWORD=//p' "$destination/etc/giong/haproxy.env" 2>/dev/null | tr -d '\n' | write 0640 /etc/prometheus/giong-stats-password root:prometheus
  write 0644 /etc/systemd/system/prometheus-redis-exporter.service.d/giong.conf <<'DROPIN'
[Service]
EnvironmentFile=/etc/giong/redis-exporter.env
DROPIN
  printf 'REDIS_ADDR=redis://127.0.0.1:6390\nREDIS_USER=monitor\nREDIS_PASSWORD=%s\n' "$([ -n "$dry_run" ] || cat "$destination/etc/giong/redis-admin-password")" |
    write 0600 /etc/giong/redis-exporter.env
}

# Redis with the configuration that containers have too, by Debian's own template unit.
write_redis() {
  install -d -o redis -g redis -m 0750 /var/lib/redis/giong
  REDIS_DIR=/var/lib/redis/giong REDIS_PORT=6390 REDIS_BIND=127.0.0.1 REDIS_MAXMEMORY="${REDIS_MAXMEMORY:-512mb}" \
    REDIS_PASSWORD_FILE=/etc/giong/redis-password REDIS_ADMIN_PASSWORD_FILE=/etc/giong/redis-admin-password \
    "$program/deploy/redis/start.sh" render single >/dev/null
  chown redis:redis /var/lib/redis/giong/redis.conf /var/lib/redis/giong/users.acl
  ln -sfn /var/lib/redis/giong/redis.conf /etc/redis/redis-giong.conf
}

start_systemd() {
  if grep -q '^REDIS_URL=redis://127.0.0.1:6390' /etc/giong/giong.env 2>/dev/null || [ -n "$dry_run" ]; then
    run write_redis
    run systemctl enable --quiet redis-server@giong.service
    run systemctl start redis-server@giong.service
  fi
  run systemctl daemon-reload
  local instance unit
  # Those of a larger plan before.
  for unit in $(systemctl list-units --plain --no-legend 'giong-server@*' 'giong-worker@*' 2>/dev/null | awk '{ print $1 }'); do
    instance=${unit#*@}
    instance=${instance%.service}
    [[ $unit == giong-server@* ]] && ((instance <= instances)) && continue
    [[ $unit == giong-worker@* ]] && ((instance <= processes)) && continue
    run systemctl disable --quiet --now "$unit"
  done
  # One after the other, each ready before the next is stopped: nobody notices.
  for ((instance = 1; instance <= instances; instance++)); do
    run systemctl enable --quiet "giong-server@$instance"
    run systemctl restart "giong-server@$instance"
    run wait_until_ready "http://127.0.0.1:808$instance/ready"
  done
  for ((instance = 1; instance <= processes; instance++)); do
    run systemctl enable --quiet "giong-worker@$instance"
    run systemctl restart "giong-worker@$instance"
    run wait_until_ready "http://127.0.0.1:910$instance/health"
  done
  run systemctl enable --quiet haproxy
  run systemctl reload-or-restart haproxy
  [ -z "$monitoring" ] || run systemctl restart prometheus prometheus-redis-exporter prometheus-node-exporter
  run wait_until_ready https://127.0.0.1/ready
  print_addresses 9090 "/etc/giong/giong.env" "sudo giong doctor"
}

wait_until_ready() {
  local tries
  for ((tries = 0; tries < 120; tries++)); do
    if curl --silent --fail --insecure --max-time 3 --output /dev/null "$1"; then return; fi
    sleep 0.5
  done
  fail "$1 không sẵn sàng sau một phút · is not ready within a minute; journalctl -u 'giong-*' -n 50"
}

print_addresses() { # prometheus' port, where the admin key is, how to check
  say "  https://$(hostname)            ứng dụng · the app"
  say "  http://127.0.0.1:8404        HAProxy (admin)"
  say "  http://127.0.0.1:$1        Prometheus"
  say "  khóa quản trị · admin key    $2"
  say "  kiểm tra · check             $3"
}

uninstall_systemd() {
  local unit
  if [ -z "$destination$dry_run" ]; then [ "$(id -u)" = 0 ] || fail "cần quyền root (sudo) · root is needed"; fi
  if [ -z "$destination" ]; then
    for unit in $(systemctl list-units --all --plain --no-legend 'giong-server@*' 'giong-worker@*' 2>/dev/null | awk '{ print $1 }'); do
      run systemctl disable --quiet --now "$unit"
    done
    run systemctl disable --quiet --now redis-server@giong.service || true
  fi
  local etc=$destination/etc
  run rm -rf "$etc"/systemd/system/giong-*@* "$etc/systemd/system/haproxy.service.d/giong.conf" \
    "$etc/systemd/system/prometheus-redis-exporter.service.d/giong.conf" "$etc/redis/redis-giong.conf" \
    "$destination$program" "$destination/usr/local/bin/giong"
  if [ -f "$etc/haproxy/haproxy.cfg.before-giong" ]; then
    run mv "$etc/haproxy/haproxy.cfg.before-giong" "$etc/haproxy/haproxy.cfg"
  fi
  if [ -z "$destination" ]; then
    run systemctl daemon-reload
    run systemctl stop haproxy || true
  fi
  if [ -n "$purge" ]; then
    run rm -rf "$etc/giong" "$destination/var/lib/giong" "$destination/var/lib/redis/giong"
  else
    say "giữ lại · kept: $etc/giong $destination/var/lib/giong $destination/var/lib/redis/giong (--purge)"
  fi
}
