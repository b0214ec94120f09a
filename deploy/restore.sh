#!/usr/bin/env bash
# Puts back what backup.sh saved. Stop servers and processes that convert before.
#
#   deploy/restore.sh [--force] <archive | s3://bucket/prefix/archive>
#
#   GIONG_DATA        data folder (/var/lib/giong); it must be missing or empty, unless with --force
#   GIONG_CONFIG      where configuration and secrets go (/etc/giong); those that are there stay, unless with --force
#   DATABASE_URL      for a saved PostgreSQL: an empty database; with --force what is in it is replaced
#   PG_RESTORE        how pg_restore is called, such as "docker exec -i giong-postgres-1 pg_restore" (pg_restore)
#   S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY   users' files go into that bucket instead of the data
#                     folder, wherever they lay before; it must be empty, unless with --force
#   BACKUP_S3_ENDPOINT, …_REGION, …_ACCESS_KEY_ID, …_SECRET_ACCESS_KEY   for s3:// as the source, where it is another service
#   REDIS_RESTORE     an empty folder, later the data folder of a single Redis (REDIS_DIR of start.sh), for what was saved of one. Without
#                     it, and always for a cluster, the queue is made again from the database when the server starts: no job is lost,
#                     only its place in line.
#   BACKUP_KEY_FILE   the passphrase, for an encrypted archive
#
# What the saved giong.env says of DATABASE_URL and S3_… counts where the environment says nothing; where one is here and stays, that one.
set -euo pipefail
umask 077

force=''
if [ "${1:-}" = --force ]; then force=yes; shift; fi
archive=${1:?"usage: restore.sh [--force] <archive | s3://bucket/prefix/archive>"}
here=$(cd "$(dirname "$0")" && pwd)
data=${GIONG_DATA:-/var/lib/giong}
config=${GIONG_CONFIG:-/etc/giong}
# shellcheck source=./lib/bun.sh
. "$here/lib/bun.sh"
# shellcheck source=./lib/environment.sh
. "$here/lib/environment.sh"

fail() { printf 'restore.sh: %s\n' "$*" >&2; exit 1; }
is_empty() { [ ! -d "$1" ] || [ -z "$(ls -A "$1")" ]; }

[ -n "$force" ] || is_empty "$data" || fail "$data is not empty (--force)"
mkdir -p "$data"
work=$(mktemp -d "$data/.restore-XXXXXX")
trap 'rm -rf "$work"' EXIT

case $archive in
  s3://*)
    as_target "$bun" "$here/lib/s3.ts" get "$archive" "$work/${archive##*/}"
    archive=$work/${archive##*/}
    ;;
esac
case $archive in
  *.gpg)
    : "${BACKUP_KEY_FILE:?the archive is encrypted}"
    mkdir "$work/gpg"
    gpg --homedir "$work/gpg" --batch --quiet --decrypt --pinentry-mode loopback --passphrase-file "$BACKUP_KEY_FILE" "$archive" |
      tar -C "$work" -xz
    ;;
  *) tar -C "$work" -xzf "$archive" ;;
esac
stage=$work/giong
# Nothing is touched before all of it is known to be whole.
(cd "$stage" && { [ ! -s SHA256SUMS ] || sha256sum --check --quiet --strict SHA256SUMS; }) || fail "the archive is damaged"

restores_config=''
if [ -d "$stage/config" ] && { [ -n "$force" ] || is_empty "$config"; }; then restores_config=yes; fi
if [ -n "$restores_config" ]; then take_environment "$stage/config/giong.env"; else take_environment "$config/giong.env"; fi
if [ -n "${REDIS_RESTORE:-}" ]; then
  is_empty "$REDIS_RESTORE" || fail "$REDIS_RESTORE is not empty"
  snapshots=("$stage"/redis/*.rdb)
  [ -f "${snapshots[0]}" ] || fail "the archive holds nothing of a Redis"
  [ ${#snapshots[@]} = 1 ] || fail "the archive holds ${#snapshots[@]} snapshots, of a cluster: leave out REDIS_RESTORE, its jobs come back from the database"
fi
if [ -f "$stage/database.pgdump" ]; then : "${DATABASE_URL:?the archive holds a PostgreSQL: where to?}"; fi
if [ -n "${S3_BUCKET:-}" ] && [ -d "$stage/files" ]; then
  [ -n "$force" ] || [ "$("$bun" "$here/lib/bucket.ts" count)" = 0 ] || fail "the bucket $S3_BUCKET is not empty (--force)"
  "$bun" "$here/lib/bucket.ts" fill "$stage"
  rm -rf "$stage/files"
fi
for part in files voices models; do
  [ -d "$stage/$part" ] || continue
  rm -rf "${data:?}/$part"
  mv "$stage/$part" "$data/$part"
done
if [ -f "$stage/giong.sqlite" ]; then
  # A log of another database would be played into this one.
  rm -f "$data"/giong.sqlite-wal "$data"/giong.sqlite-shm
  mv "$stage/giong.sqlite" "$data/giong.sqlite"
fi
if [ -f "$stage/database.pgdump" ]; then
  # shellcheck disable=SC2086 # a command with its arguments
  ${PG_RESTORE:-pg_restore} --exit-on-error --single-transaction --no-owner --no-privileges ${force:+--clean --if-exists} \
    --dbname="$DATABASE_URL" <"$stage/database.pgdump"
fi
if [ -n "$restores_config" ]; then
  mkdir -p "$config"
  cp -a "$stage/config/." "$config/"
fi
if [ "$(id -u)" = 0 ] && id giong >/dev/null 2>&1; then chown -R giong:giong "$data"; fi

# Redis reads its log and no snapshot where it keeps a log, so the snapshot is made into one.
if [ -n "${REDIS_RESTORE:-}" ]; then
  mkdir -p "$REDIS_RESTORE"
  cp "${snapshots[0]}" "$REDIS_RESTORE/dump.rdb"
  socket=$work/redis.sock
  redis-server --port 0 --unixsocket "$socket" --dir "$REDIS_RESTORE" --save '' --daemonize yes --logfile "$work/redis.log" >/dev/null
  for ((tries = 0; tries < 300; tries++)); do
    if [ "$(redis-cli -s "$socket" ping 2>/dev/null)" = PONG ]; then break; fi
    sleep 0.1
  done
  redis-cli -s "$socket" config set appendonly yes >/dev/null
  while redis-cli -s "$socket" info persistence | grep -qE 'aof_rewrite_(in_progress|scheduled):1'; do sleep 0.1; done
  redis-cli -s "$socket" info persistence | grep -q 'aof_last_bgrewrite_status:ok' || fail "Redis could not write its log: $(cat "$work/redis.log")"
  redis-cli -s "$socket" shutdown nosave >/dev/null 2>&1 || true
  rm -f "$REDIS_RESTORE/dump.rdb"
fi
echo "$data"
