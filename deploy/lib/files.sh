# shellcheck shell=bash disable=SC2154 # its variables are those of deploy-multiuser.sh
# Writes files: only where they change, with the rights that they need, and secrets only once.

# write <mode> <path> [owner:group]: standard input becomes the file.
write() {
  local mode=$1 path=$destination$2 owner=${3:-} content
  content=$(cat; printf x)
  if [ -n "$dry_run" ]; then say "  $path"; return; fi
  if [ -f "$path" ] && cmp -s "$path" <(printf %s "${content%x}"); then return; fi
  mkdir -p "$(dirname "$path")"
  # It is never there half, nor readable for others for a moment.
  (umask 077 && printf %s "${content%x}" >"$path.new")
  chmod "$mode" "$path.new"
  if [ -n "$owner" ] && [ -z "$destination" ]; then chown "$owner" "$path.new"; fi
  mv "$path.new" "$path"
}

random() { openssl rand -hex 24; }

# secret <mode> <path> [owner:group]: a random one, unless there is one.
secret() {
  [ -s "$destination$2" ] || random | tr -d '\n' | write "$@"
}

# A file of the system's that ours replaces is put back by `restore_original`.
keep_original() { # path, a pattern that tells ours
  local path=$destination$1
  if [ -n "$dry_run" ] || [ ! -f "$path" ] || [ -e "$path.before-giong" ] || grep -q "$2" "$path"; then return 0; fi
  cp -a "$path" "$path.before-giong"
}

restore_original() { # path: true where there was one
  [ -f "$destination$1.before-giong" ] && run mv "$destination$1.before-giong" "$destination$1"
}

# A certificate and key in one file, as HAProxy wants it: the operator's, else the one that is there, else one of our own, made
# anew in its last month.
write_certificate() { # mode path [owner:group]
  if [ -n "$certificate" ]; then write "$@" <"$certificate"; return; fi
  if [ -s "$destination$2" ]; then
    openssl x509 -noout -subject -in "$destination$2" | grep -Eq 'O ?= ?Giong' || return 0
    if openssl x509 -noout -checkend 2592000 -in "$destination$2" >/dev/null; then return 0; fi
  fi
  warn "chưa có chứng chỉ: dùng chứng chỉ tự ký · no certificate given: a self-signed one is made (--certificate)"
  local folder
  folder=$(mktemp -d)
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj "/O=Giong/CN=$(hostname)" \
    -addext "subjectAltName=DNS:$(hostname),DNS:localhost,IP:127.0.0.1" -keyout "$folder/key" -out "$folder/certificate" 2>/dev/null
  cat "$folder/certificate" "$folder/key" | write "$@"
  rm -r "$folder"
}
