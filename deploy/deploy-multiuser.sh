#!/usr/bin/env bash
# Installs and starts Giọng for many users on this machine, or brings it up to date; as often as you like.
#
#   deploy/deploy-multiuser.sh [options] <systemd|docker> <instances> <users>
#   deploy/deploy-multiuser.sh [--purge] uninstall <systemd|docker>
#
#   instances              web servers behind HAProxy, 1 to 8
#   users                  users at the same time, for whom connections and limits are reckoned
#   --dry-run              say what would be done, and do nothing
#   --redis <kind>         docker: sentinel (default) or cluster. systemd: one Redis on this machine, unless /etc/giong/giong.env names another
#   --postgres             docker: with a PostgreSQL. What was chosen once for docker stays chosen.
#   --certificate <file>   PEM file with certificate and key; without one it is self-signed, and browsers warn
#   --monitoring           systemd: also Prometheus with its exporters and alerts (docker has them always)
#   --cores N, --memory N  reckon for so many cores and GiB instead of this machine's
#   --purge                with uninstall: data, configuration and secrets too
#
# DESTDIR=folder puts all files there and starts nothing, as for a package. Exit codes: 0 done, 1 failed, 2 used wrongly.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
source_folder=$(dirname "$here")
destination=${DESTDIR:-}
[ -z "$destination" ] || mkdir -p "$destination"
dry_run='' redis_kind='' postgres='''' certificate='' monitoring='' purge=''
cores=$(nproc) memory=$(awk '/MemTotal/ { print int($2 / 1024 / 1024 + 0.5) }' /proc/meminfo)

usage() { sed -n '2,/^set/ { /^# \{0,1\}/!q; s///; p }' "$0" >&2; exit 2; }
say() { printf '%s\n' "$*"; }
fail() { printf '✗ %s\n' "$*" >&2; exit 1; }
warn() { printf '! %s\n' "$*" >&2; }
# Does it, or says that it would.
run() {
  if [ -n "$dry_run" ]; then printf '  %s\n' "$*"; else "$@"; fi
}

# wait_until_ready <url> <command that tells more>
wait_until_ready() {
  local tries
  for ((tries = 0; tries < 120; tries++)); do
    if curl --silent --fail --insecure --max-time 3 --output /dev/null "$1"; then return; fi
    sleep 0.5
  done
  fail "$1 không sẵn sàng sau một phút · is not ready within a minute; $2"
}

# shellcheck source=./lib/plan.sh
. "$here/lib/plan.sh"
# shellcheck source=./lib/files.sh
. "$here/lib/files.sh"
# shellcheck source=./lib/systemd.sh
. "$here/lib/systemd.sh"
# shellcheck source=./lib/docker.sh
. "$here/lib/docker.sh"

words=()
while (($#)); do
  case $1 in
    --dry-run) dry_run=yes ;;
    --postgres) postgres=yes ;;
    --monitoring) monitoring=yes ;;
    --purge) purge=yes ;;
    --redis | --certificate | --cores | --memory)
      (($# > 1)) || usage
      case $1 in
        --redis) redis_kind=$2 ;;
        --certificate) certificate=$2 ;;
        --cores) cores=$2 ;;
        --memory) memory=$2 ;;
      esac
      shift
      ;;
    -h | --help | -*) usage ;;
    *) words+=("$1") ;;
  esac
  shift
done

is_count() { [[ $1 =~ ^[1-9][0-9]{0,5}$ ]]; }
[[ $redis_kind =~ ^(|sentinel|cluster)$ ]] || usage
is_count "$cores" || usage
is_count "$memory" || usage

if [ "${words[0]:-}" = uninstall ]; then
  [ ${#words[@]} = 2 ] || usage
  case ${words[1]} in
    systemd) uninstall_systemd ;;
    docker) uninstall_docker ;;
    *) usage ;;
  esac
  exit
fi

[ ${#words[@]} = 3 ] || usage
kind=${words[0]} instances=${words[1]} users=${words[2]}
{ [[ $kind =~ ^(systemd|docker)$ ]] && is_count "$instances" && is_count "$users"; } || usage
((instances <= 8)) || fail "haproxy.cfg biết nhiều nhất 8 bản sao, thêm nữa thì cần thêm máy · haproxy.cfg knows 8 instances at most; further ones belong on further machines"

make_plan
print_plan
check_machine
"install_$kind"
