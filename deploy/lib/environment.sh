# shellcheck shell=bash # for backup.sh and restore.sh
# What the server is told of its database and bucket.

# take_environment <file>: DATABASE_URL and S3_… of a file of systemd's, where the environment says nothing.
take_environment() {
  [ -r "$1" ] || return 0
  local line name value
  while IFS= read -r line; do
    name=${line%%=*} value=${line#*=}
    if [[ ! $name =~ ^(DATABASE_URL|S3_[A-Z_]+)$ ]] || [ -n "${!name:-}" ]; then continue; fi
    if [[ $value =~ ^\"(.*)\"$ || $value =~ ^\'(.*)\'$ ]]; then value=${BASH_REMATCH[1]}; fi
    export "$name=$value"
  done <"$1"
}

# as_target command…: with the keys of the bucket that archives go to, which may be another service than the server's.
as_target() {
  local name
  (
    for name in ENDPOINT REGION ACCESS_KEY_ID SECRET_ACCESS_KEY; do
      local own=BACKUP_S3_$name
      [ -z "${!own:-}" ] || export "S3_$name=${!own}"
    done
    "$@"
  )
}
