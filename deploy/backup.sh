#!/usr/bin/env bash
# Saves all that Giọng keeps: database, users' files, voices, downloaded models, configuration, and what waits in Redis.
# The server goes on meanwhile. Prints the path of the archive.
#
#   deploy/backup.sh <folder | s3://bucket/prefix>
#
#   GIONG_DATA             data folder (/var/lib/giong)
#   GIONG_CONFIG           folder of configuration and secrets (/etc/giong); left out of the archive where it is missing
#   DATABASE_URL           PostgreSQL, as the server has it; without it the SQLite file of the data folder
#   PG_DUMP                how pg_dump is called, such as "docker exec giong-postgres-1 pg_dump" (pg_dump)
#   S3_BUCKET, S3_ENDPOINT, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY   where the server keeps its files, as the server has it
#   BACKUP_BUCKET          copy (default): the files of that bucket too, which needs room for them on the disk of GIONG_DATA.
#                          leave: they stay where they are; turn on the bucket's versions and a replica of it
#   BACKUP_S3_ENDPOINT, …_REGION, …_ACCESS_KEY_ID, …_SECRET_ACCESS_KEY   for s3:// as a target, where it is another service than the server's
#   REDIS_BACKUP           host:port of the Redis to save, several with spaces between (each master of a cluster); left out: none
#   REDIS_BACKUP_PASSWORD  of its user "replica", who may copy and nothing else; REDIS_BACKUP_USER for another one
#   BACKUP_KEY_FILE        a file with a passphrase: the archive is encrypted with it (gpg, AES-256). Keep a copy elsewhere.
#   BACKUP_KEEP            so many archives stay in the folder, older ones are deleted (14); 0 keeps all. In a bucket, its lifecycle rule does that
#
# What GIONG_CONFIG/giong.env says of DATABASE_URL and S3_… counts where the environment says nothing.
set -euo pipefail
umask 077

target=${1:?"usage: backup.sh <folder | s3://bucket/prefix>"}
here=$(cd "$(dirname "$0")" && pwd)
data=${GIONG_DATA:-/var/lib/giong}
config=${GIONG_CONFIG:-/etc/giong}
keep=${BACKUP_KEEP:-14}
bucket=${BACKUP_BUCKET:-copy}
# shellcheck source=./lib/bun.sh
. "$here/lib/bun.sh"
# shellcheck source=./lib/environment.sh
. "$here/lib/environment.sh"

fail() { printf 'backup.sh: %s\n' "$*" >&2; exit 1; }
[[ $bucket =~ ^(copy|leave)$ ]] || fail "BACKUP_BUCKET is copy or leave, not $bucket"
[ -z "${BACKUP_KEY_FILE:-}" ] || [ -s "$BACKUP_KEY_FILE" ] || fail "$BACKUP_KEY_FILE holds no key"
take_environment "$config/giong.env"
# With a PostgreSQL and a bucket there may be none.
[ -d "$data" ] || [ -n "${DATABASE_URL:-}" ] || fail "$data is no folder"
mkdir -p "$data"
# On the disk of the data, where a second name of a file costs nothing.
work=$(mktemp -d "$data/.backup-XXXXXX")
trap 'rm -rf "$work"' EXIT
stage=$work/giong
mkdir "$stage"

# Files are never changed, only made and deleted, so a second name holds them still; where the disk knows no second names, a copy.
# What vanishes meanwhile somebody has deleted.
hold_files() {
  local folder probe how trouble
  for folder in files voices models; do
    [ -d "$data/$folder" ] || continue
    probe=$(find "$data/$folder" -type f -print -quit)
    how=-an
    if [ -n "$probe" ] && ln "$probe" "$work/probe" 2>/dev/null; then how=-aln; fi
    rm -f "$work/probe"
    trouble=$(LC_ALL=C cp "$how" "$data/$folder" "$stage/" 2>&1 | grep -vE 'No such file or directory|not replacing' || true)
    [ -z "$trouble" ] || fail "$trouble"
  done
  if [ -n "${S3_BUCKET:-}" ] && [ "$bucket" = copy ]; then
    "$bun" "$here/lib/bucket.ts" save "$stage"
    rm -rf "$stage/tmp"
  fi
}

# What the database names at this moment was there before it, or comes with the second look; what is too much does no harm.
hold_files
if [ -n "${DATABASE_URL:-}" ]; then
  # shellcheck disable=SC2086 # a command with its arguments
  ${PG_DUMP:-pg_dump} --format=custom --no-owner --no-privileges "$DATABASE_URL" >"$stage/database.pgdump"
elif [ -f "$data/giong.sqlite" ]; then
  "$bun" -e '
    const { Database } = require("bun:sqlite");
    new Database(process.argv[1], { readonly: true }).query("VACUUM INTO ?").run(process.argv[2]);
  ' "$data/giong.sqlite" "$stage/giong.sqlite"
else
  fail "no database: neither DATABASE_URL nor $data/giong.sqlite"
fi
hold_files

[ ! -d "$config" ] || cp -a "$config" "$stage/config"
mkdir "$stage/redis"
for address in ${REDIS_BACKUP:-}; do
  # redis-cli takes a password that is set and empty for one.
  [ -z "${REDIS_BACKUP_PASSWORD:-}" ] || export REDISCLI_AUTH=$REDIS_BACKUP_PASSWORD
  redis-cli ${REDIS_BACKUP_PASSWORD:+--user "${REDIS_BACKUP_USER:-replica}"} \
    -h "${address%:*}" -p "${address##*:}" --rdb "$stage/redis/${address%:*}-${address##*:}.rdb" >/dev/null
done
(cd "$stage" && find . -type f -print0 | xargs -0 -r sha256sum) >"$work/sums"
mv "$work/sums" "$stage/SHA256SUMS"

name=giong-$(date -u +%Y%m%dT%H%M%SZ).tar.gz
[ -z "${BACKUP_KEY_FILE:-}" ] || name=$name.gpg
archive() {
  if [ -z "${BACKUP_KEY_FILE:-}" ]; then tar -C "$work" -cz giong; return; fi
  local home
  home=$(mktemp -d)
  tar -C "$work" -cz giong |
    gpg --homedir "$home" --batch --quiet --symmetric --cipher-algo AES256 --pinentry-mode loopback --passphrase-file "$BACKUP_KEY_FILE"
  rm -rf "$home"
}

case $target in
  s3://*)
    archive >"$work/$name"
    as_target "$bun" "$here/lib/s3.ts" put "$work/$name" "${target%/}/$name"
    echo "${target%/}/$name"
    ;;
  *)
    mkdir -p "$target"
    # Under its name stands only what is whole.
    archive >"$target/.$name.part"
    sync "$target/.$name.part"
    mv "$target/.$name.part" "$target/$name"
    echo "$target/$name"
    if ((keep > 0)); then
      find "$target" -maxdepth 1 -name 'giong-*.tar.gz*' | sort -r | tail -n "+$((keep + 1))" | xargs -r rm -f
    fi
    ;;
esac
