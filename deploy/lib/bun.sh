# shellcheck shell=bash disable=SC2034,SC2154 # for backup.sh and restore.sh
# The Bun of this installation, or of this clone; GIONG_BUN names another.
bun=${GIONG_BUN:-}
for candidate in "$here/../bin/bun" "$(cat "$here"/../node_modules/.cache/giong/bun-*[0-9] 2>/dev/null | tail -n 1)" "$(command -v bun)"; do
  [ -z "$bun" ] && [ -n "$candidate" ] && [ -x "$candidate" ] && bun=$candidate
done
# A host of containers with a PostgreSQL and no bucket needs none.
no_bun() { echo "$0: no Bun (npm run build brings one; GIONG_BUN names another)" >&2; exit 1; }
[ -n "$bun" ] || bun=no_bun
