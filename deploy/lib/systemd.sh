# shellcheck shell=bash disable=SC2154 # its variables are those of deploy-multiuser.sh
# Giọng on this machine itself: units of systemd, with Debian's Redis and HAProxy.

program=/opt/giong
parts=(core server models samples wasm/build client/dist deploy package.json bun.lock bunfig.toml haproxy.cfg LICENSE NOTICE)

install_systemd() {
  if [ -z "$destination$dry_run" ]; then
    [ "$(id -u)" = 0 ] || fail "cần quyền root (sudo) · root is needed"
    [ -d /run/systemd/system ] || fail "máy này không chạy systemd, hãy dùng docker · this machine does not run systemd: use docker"
    check_ports
  fi
  install_packages
  if [ -z "$destination$dry_run" ]; then
    check_versions
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
  local package missing=() wanted=(haproxy openssl redis-server curl gnupg)
  [ -z "$monitoring" ] || wanted+=(prometheus prometheus-node-exporter prometheus-redis-exporter)
  for package in "${wanted[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  [ -z "$destination" ] || return 0
  command -v apt-get >/dev/null || fail "hãy tự cài · please install: ${missing[*]}"
  if [ -n "$dry_run" ]; then say "  apt-get install ${missing[*]}"; return; fi
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  # Debian starts a Redis of its own, which nobody here uses and nobody guards.
  [[ " ${missing[*]} " != *" redis-server "* ]] || systemctl disable --quiet --now redis-server.service
}

# What configuration and users of Redis are written for: Debian 12, Ubuntu 24.04 and newer have them.
check_versions() {
  local haproxy redis
  haproxy=$(haproxy -v | sed -n '1s/^HAProxy version \([0-9]*\.[0-9]*\).*/\1/p')
  redis=$(redis-server --version | sed -n 's/.* v=\([0-9]*\.[0-9]*\).*/\1/p')
  is_at_least "$haproxy" 2.6 || fail "cần HAProxy 2.6 trở lên · HAProxy 2.6 or newer is needed, not $haproxy"
  is_at_least "$redis" 7.0 || fail "cần Redis 7 trở lên · Redis 7 or newer is needed, not $redis"
}

is_at_least() { [ "$(printf '%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# Builds what is new in this clone. A packed program has been built, and needs no Node.js.
build_program() {
  if command -v npm >/dev/null; then (cd "$source_folder" && npm run --silent build); return; fi
  local built=$source_folder/client/dist/sw.js
  if [ -f "$built" ] && [ -z "$(find "$source_folder"/{core,client/src} -newer "$built" -print -quit)" ]; then return; fi
  fail "cần Node.js 20 trở lên và npm để dựng chương trình · Node.js 20 or newer and npm are needed to build the program"
}

# The built program with what it needs to run, and the Bun that it was built with.
install_program() {
  local folder=$destination$program bun
  if [ -n "$dry_run" ]; then say "  ${parts[*]}"; return; fi
  build_program
  bun=$(cat "$source_folder"/node_modules/.cache/giong/bun-*[0-9] | tail -n 1)
  # The services' own users read it, however strict the mask of whoever cloned and installs it.
  local mask
  mask=$(umask)
  umask 022
  mkdir -p "$folder/bin"
  (cd "$source_folder" && tar -c --mode=u+rwX,go+rX,go-w --exclude='*.test.ts' --exclude=models/train --exclude=deploy/secrets --exclude=deploy/.env "${parts[@]}") |
    tar -x -C "$folder" --no-same-owner --preserve-permissions
  cmp -s "$bun" "$folder/bin/bun" || install -m 0755 "$bun" "$folder/bin/bun"
  (cd "$folder" && ./bin/bun install --frozen-lockfile --ignore-scripts --production --silent)
  cat >"$folder/bin/giong" <<'GIONG'
#!/bin/sh
# `giong` with the configuration of this machine, as its own user: sudo giong doctor
# The file is systemd's, not a shell's: an address may hold & and $.
while IFS= read -r line; do
  case $line in
    [A-Z]*=\"*\" | [A-Z]*=\'*\') line=${line%?} && export "${line%%=*}=${line#*=?}" ;;
    [A-Z]*=*) export "${line?}" ;;
  esac
done </etc/giong/giong.env
export GIONG_DATA="${GIONG_DATA:-/var/lib/giong}"
[ "$(id -u)" != 0 ] || exec runuser -u giong --preserve-environment -- /opt/giong/bin/bun /opt/giong/server/cli/main.ts "$@"
exec /opt/giong/bin/bun /opt/giong/server/cli/main.ts "$@"
GIONG
  chmod 0755 "$folder/bin/giong"
  mkdir -p "$destination/usr/local/bin"
  ln -sfn "$program/bin/giong" "$destination/usr/local/bin/giong"
  umask "$mask"
}

write_configuration() {
  secret 0600 /etc/giong/redis-password
  secret 0600 /etc/giong/redis-admin-password
  secret 0600 /etc/giong/stats-password
  write_certificate 0600 /etc/giong/certificate.pem
  # The operator's file: made once, never changed again.
  [ -e "$destination/etc/giong/giong.env" ] || write 0640 /etc/giong/giong.env root:giong <<ENV
# Giọng's configuration; every variable is told of in docs/vi/cau-hinh.md and docs/en/configuration.md. As systemd reads it: no shell.
# After a change: systemctl restart 'giong-server@*' 'giong-worker@*'
GIONG_ADMIN_KEY=$([ -n "$dry_run" ] || random)
REDIS_URL=redis://127.0.0.1:6390
REDIS_USERNAME=giong
REDIS_PASSWORD=$([ -n "$dry_run" ] || cat "$destination/etc/giong/redis-password")
# Several machines: a PostgreSQL that all reach, and an S3 bucket or a shared /var/lib/giong.
#DATABASE_URL=postgres://giong:password@10.0.0.6/giong
GIONG_USERS_PER_ADDRESS=$users_per_address
ENV
  [ -e "$destination/etc/giong/backup.env" ] || write 0600 /etc/giong/backup.env <<ENV
# What giong-backup.timer saves, and where to; variables are told of in deploy/backup.sh. Turn it on: systemctl enable --now giong-backup.timer
BACKUP_TARGET=/var/backups/giong
BACKUP_KEEP=14
#BACKUP_KEY_FILE=/etc/giong-backup.key
REDIS_BACKUP=127.0.0.1:6390
REDIS_BACKUP_PASSWORD=$([ -n "$dry_run" ] || cat "$destination/etc/giong/redis-admin-password")
ENV
  write_proxy
  local instance
  for ((instance = 1; instance <= processes; instance++)); do
    write 0640 "/etc/giong/worker-$instance.env" root:giong <<ENV
# Written by deploy-multiuser.sh.
GIONG_WORKERS=$(threads_of "$instance")
GIONG_PROCESS_MEMORY=$((process_mib * 85 / 100))M
DATABASE_POOL=$pool
ENV
  done
}

# This machine's values, the operator's own, and the configuration that all installations share, in one file: what a reload reads
# anew, unlike variables, which a running HAProxy keeps from its start.
write_proxy() {
  local own=$destination/etc/giong/haproxy-own.cfg instance
  keep_original /etc/haproxy/haproxy.cfg '^# Giọng behind HAProxy'
  {
    cat <<CONFIGURATION
# Written by deploy-multiuser.sh. What is to differ belongs into /etc/giong/haproxy-own.cfg, which is put in below.
global
    user haproxy
    group haproxy
    chroot /var/lib/haproxy
    setenv GIONG_CERTIFICATE /etc/giong/certificate.pem
    setenv GIONG_STATS_PASSWORD $([ -n "$dry_run" ] || cat "$destination/etc/giong/stats-password")
    setenv GIONG_MAXCONN $connections
    setenv GIONG_CONNECTIONS_PER_ADDRESS $connections_per_address
    unsetenv GIONG_REPLICA_1 GIONG_REPLICA_2 GIONG_REPLICA_3 GIONG_REPLICA_4 GIONG_REPLICA_5 GIONG_REPLICA_6 GIONG_REPLICA_7 GIONG_REPLICA_8
CONFIGURATION
    for ((instance = 1; instance <= instances; instance++)); do echo "    setenv GIONG_REPLICA_$instance 127.0.0.1:808$instance"; done
    echo
    [ ! -f "$own" ] || cat "$own"
    cat "$source_folder/haproxy.cfg"
  } | write 0600 /etc/haproxy/haproxy.cfg
  write 0644 /etc/systemd/system/haproxy.service.d/giong.conf <<'DROPIN'
[Service]
LimitNOFILE=65536
DROPIN
}

write_units() {
  local instance name
  for name in giong-server@.service giong-worker@.service giong-backup.service giong-backup.timer; do
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
  keep_original /etc/prometheus/prometheus.yml '^# What Prometheus asks on one machine without containers'
  sed "s/\[.*127.0.0.1:8081.*]/[${targets%, }]/; s/127.0.0.1:6379/127.0.0.1:6390/" "$here/prometheus/hosts.yml" |
    write 0644 /etc/prometheus/prometheus.yml
  write 0644 /etc/prometheus/giong-alerts.yml <"$here/prometheus/alerts.yml"
  sed -n 's/^GIONG_ADMIN_KEY=//p' "$destination/etc/giong/giong.env" 2>/dev/null | tr -d '\n' | write 0640 /etc/prometheus/giong-admin-key root:prometheus
  { [ -n "$dry_run" ] || cat "$destination/etc/giong/stats-password"; } | write 0640 /etc/prometheus/giong-stats-password root:prometheus
  # Debian's listen on all addresses, and tell everybody everything.
  write 0644 /etc/giong/prometheus.env <<<'ARGS="--web.listen-address=127.0.0.1:9090 --storage.tsdb.retention.time=30d"'
  write 0644 /etc/giong/node-exporter.env <<<'ARGS="--web.listen-address=127.0.0.1:9100"'
  local name
  local -A units=([prometheus]=prometheus [node-exporter]=prometheus-node-exporter [redis-exporter]=prometheus-redis-exporter)
  for name in "${!units[@]}"; do
    write 0644 "/etc/systemd/system/${units[$name]}.service.d/giong.conf" <<DROPIN
[Service]
EnvironmentFile=/etc/giong/$name.env
DROPIN
  done
  printf 'ARGS="-web.listen-address=127.0.0.1:9121"\nREDIS_ADDR=redis://127.0.0.1:6390\nREDIS_USER=monitor\nREDIS_PASSWORD=%s\n' "$([ -n "$dry_run" ] || cat "$destination/etc/giong/redis-admin-password")" |
    write 0600 /etc/giong/redis-exporter.env
}

# Redis with the configuration that containers have too, by Debian's own template unit. Started anew only where something changed:
# the fleet bridges that, yet notices it.
start_redis() {
  local folder=/var/lib/redis/giong before
  before=$(cat $folder/redis.conf $folder/users.acl 2>/dev/null | sha256sum)
  install -d -o redis -g redis -m 0750 $folder
  REDIS_DIR=$folder REDIS_PORT=6390 REDIS_BIND=127.0.0.1 REDIS_MAXMEMORY="$(setting REDIS_MAXMEMORY 512mb)" \
    REDIS_PASSWORD_FILE=/etc/giong/redis-password REDIS_ADMIN_PASSWORD_FILE=/etc/giong/redis-admin-password \
    "$program/deploy/redis/start.sh" render single >/dev/null
  chown redis:redis /var/lib/redis/giong/redis.conf /var/lib/redis/giong/users.acl
  ln -sfn $folder/redis.conf /etc/redis/redis-giong.conf
  systemctl enable --quiet redis-server@giong.service
  if [ "$before" = "$(cat $folder/redis.conf $folder/users.acl | sha256sum)" ]; then
    systemctl start redis-server@giong.service
  else
    systemctl restart redis-server@giong.service
  fi
}

# setting NAME default: what the operator's file says.
setting() { sed -n "s/^$1=//p" "$destination/etc/giong/giong.env" 2>/dev/null | grep . || echo "$2"; }

start_systemd() {
  if [ "$(setting REDIS_URL redis://127.0.0.1:6390)" = redis://127.0.0.1:6390 ]; then run start_redis; fi
  run systemctl daemon-reload
  local instance unit journal="journalctl -u 'giong-*' -n 50"
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
    run wait_until_ready "http://127.0.0.1:808$instance/ready" "$journal"
  done
  for ((instance = 1; instance <= processes; instance++)); do
    run systemctl enable --quiet "giong-worker@$instance"
    run systemctl restart "giong-worker@$instance"
    run wait_until_ready "http://127.0.0.1:910$instance/health" "$journal"
  done
  run haproxy -c -q -f /etc/haproxy/haproxy.cfg
  run systemctl enable --quiet haproxy
  run systemctl reload-or-restart haproxy
  [ -z "$monitoring" ] || run systemctl restart prometheus prometheus-redis-exporter prometheus-node-exporter
  run wait_until_ready https://127.0.0.1/ready "$journal"
  print_addresses
}

print_addresses() {
  say "  https://$(hostname)            ứng dụng · the app"
  say "  http://127.0.0.1:8404        HAProxy (admin, /etc/giong/stats-password)"
  [ -z "$monitoring" ] || say "  http://127.0.0.1:9090        Prometheus"
  say "  khóa quản trị · admin key    /etc/giong/giong.env"
  say "  kiểm tra · check             sudo giong doctor"
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
  local etc=$destination/etc name had_proxy=''
  for name in giong-backup.timer giong-backup.service; do [ -n "$destination" ] || run systemctl disable --quiet --now "$name" || true; done
  run rm -rf "$etc"/systemd/system/giong-* "$etc"/systemd/system/{haproxy,prometheus,prometheus-{node,redis}-exporter}.service.d/giong.conf \
    "$etc/redis/redis-giong.conf" "$etc"/prometheus/giong-* "$destination$program" "$destination/usr/local/bin/giong"
  if restore_original /etc/haproxy/haproxy.cfg; then had_proxy=yes; fi
  restore_original /etc/prometheus/prometheus.yml || true
  if [ -z "$destination" ]; then
    run systemctl daemon-reload
    if [ -n "$had_proxy" ]; then run systemctl reload-or-restart haproxy || true; else run systemctl disable --quiet --now haproxy || true; fi
    run systemctl try-restart prometheus prometheus-node-exporter prometheus-redis-exporter || true
  fi
  if [ -n "$purge" ]; then
    run rm -rf "$etc/giong" "$destination/var/lib/giong" "$destination/var/lib/redis/giong"
    if [ -z "$destination" ] && id giong >/dev/null 2>&1; then run userdel giong; fi
  else
    say "giữ lại · kept: $etc/giong $destination/var/lib/giong $destination/var/lib/redis/giong (--purge)"
  fi
}
