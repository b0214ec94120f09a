#!/bin/sh
# Secrets come as files: each becomes the variable that the configuration knows. Then `giong` itself takes this process over.
set -eu

secrets=${GIONG_SECRETS:-/run/secrets}

take() { # take VARIABLE file
  [ -r "$secrets/$2" ] || return 0
  eval "present=\${$1:-}"
  [ -z "$present" ] || return 0
  export "$1=$(cat "$secrets/$2")"
}

take GIONG_ADMIN_KEY giong_admin_key
take GIONG_WEBHOOK_SECRET giong_webhook_secret
take REDIS_PASSWORD redis_password
take REDIS_SENTINEL_PASSWORD redis_password
take S3_SECRET_ACCESS_KEY s3_secret_access_key
# postgres://giong:PASSWORD@postgres/giong, with the word PASSWORD for what is in the secret.
take POSTGRES_PASSWORD postgres_password
case ${DATABASE_URL:-} in
  *:PASSWORD@*)
    before=${DATABASE_URL%%:PASSWORD@*}
    export DATABASE_URL="$before:${POSTGRES_PASSWORD:?secret postgres_password}@${DATABASE_URL#*:PASSWORD@}"
    ;;
esac

program=$(cd "$(dirname "$0")/../.." && pwd)
exec "${GIONG_BUN:-bun}" "$program/server/cli/main.ts" "$@"
