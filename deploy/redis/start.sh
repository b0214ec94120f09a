#!/bin/sh
# Starts one Redis of Giọng, or one Sentinel, in the foreground; in a container, by systemd, or by hand.
#
#   start.sh single                    one server without a replica
#   start.sh replicated                master or replica: the sentinels know which, else the first of REDIS_PEERS is the master
#   start.sh sentinel                  watches the master
#   start.sh cluster                   a node of a cluster; finds the others by REDIS_PEERS, whatever addresses they have today. The
#                                      first of them makes the cluster when all are there, unless there is one
#   start.sh render <one of the above> only writes the configuration, and prints its path
#
# REDIS_PORT, REDIS_DIR, REDIS_BIND       where it listens (6379 or 26379, on all addresses) and keeps its files (/data)
# REDIS_ANNOUNCE                          the name under which others reach it (what hostname says)
# REDIS_PEERS, REDIS_SENTINELS            host:port of all servers, of all sentinels, with spaces between
# REDIS_MASTER                            what the sentinels call the master (giong)
# REDIS_MAXMEMORY                         where it refuses to hold more (512mb)
# REDIS_DOWN_AFTER                        milliseconds of silence after which a master counts as dead (5000)
# REDIS_PASSWORD_FILE, REDIS_ADMIN_PASSWORD_FILE   secrets: for the user giong and for sentinels' clients; for all other users
set -eu

here=$(cd "$(dirname "$0")" && pwd)
role=${1:?single, replicated, sentinel, cluster or render}
only_render=
if [ "$role" = render ]; then only_render=yes; role=${2:?which}; fi

dir=${REDIS_DIR:-/data}
announce=${REDIS_ANNOUNCE:-$(hostname)}
master_name=${REDIS_MASTER:-giong}
down_after=${REDIS_DOWN_AFTER:-5000}
port=${REDIS_PORT:-6379}
[ "$role" != sentinel ] || port=${REDIS_PORT:-26379}
password=$(cat "${REDIS_PASSWORD_FILE:-/run/secrets/redis_password}")
admin_password=$(cat "${REDIS_ADMIN_PASSWORD_FILE:-/run/secrets/redis_admin_password}")
umask 077

# The address of a name, which is an address itself at times.
resolve() {
  case $1 in
    *[!0-9.]*) getent hosts "$1" | awk 'NR == 1 { print $1 }' ;;
    *) echo "$1" ;;
  esac
}

ask() { # ask host:port command…: as the administrator, within two seconds
  address=$1; shift
  REDISCLI_AUTH=$admin_password timeout 2 redis-cli --user operator -h "${address%:*}" -p "${address##*:}" "$@" 2>/dev/null
}

hash_of() { printf %s "$1" | sha256sum | cut -d ' ' -f 1; }

write_users() {
  own=$(hash_of "$password"); admin=$(hash_of "$admin_password")
  cat <<USERS
user default off nopass -@all
user giong on #$own ~{giong}* &* +@all -@admin -@dangerous +info +role +config|get +cluster|slots +cluster|nodes +cluster|info +cluster|shards
user replica on #$admin +ping +psync +sync +replconf
user sentinel on #$admin &* +multi +slaveof +replicaof +ping +exec +subscribe +config|rewrite +role +publish +info +client|setname +client|kill +script|kill
user monitor on #$admin &* +ping +info +config|get +slowlog +latency +client|list +client|setname +cluster|info +cluster|slots +cluster|nodes +dbsize +select
user operator on #$admin ~* &* +@all
USERS
}

# Sentinels are asked first: a former master that comes back must not think that it still is one.
current_master() {
  for sentinel in ${REDIS_SENTINELS:-}; do
    REDISCLI_AUTH=$password timeout 2 redis-cli -h "${sentinel%:*}" -p "${sentinel##*:}" \
      sentinel get-master-addr-by-name "$master_name" 2>/dev/null | tr '\n' ' ' | grep ' [0-9]' && return
  done
  first=${REDIS_PEERS%% *}
  echo "${first%:*} ${first##*:}"
}

write_server() {
  cat <<SERVER
include $here/redis.conf
port $port
bind ${REDIS_BIND:-* -::*}
dir $dir
aclfile $dir/users.acl
maxmemory ${REDIS_MAXMEMORY:-512mb}
masteruser replica
masterauth $admin_password
SERVER
  case $role in
    replicated)
      echo "include $here/replicated.conf"
      echo "replica-announce-ip $announce"
      echo "replica-announce-port $port"
      master=$(current_master)
      [ "${master% }" = "$announce $port" ] || echo "replicaof $master"
      ;;
    cluster)
      echo "include $here/cluster.conf"
      echo "cluster-node-timeout $down_after"
      echo "cluster-announce-hostname $announce"
      echo "cluster-preferred-endpoint-type ${REDIS_ENDPOINT_TYPE:-hostname}"
      ;;
  esac
}

write_sentinel() {
  first=${REDIS_PEERS%% *}
  others=$(echo "${REDIS_SENTINELS:-}" | wc -w)
  cat <<SENTINEL
port $port
bind ${REDIS_BIND:-* -::*}
dir $dir
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $announce
sentinel announce-port $port
sentinel monitor $master_name ${first%:*} ${first##*:} $((others / 2 + 1))
sentinel auth-user $master_name sentinel
sentinel auth-pass $master_name $admin_password
sentinel down-after-milliseconds $master_name $down_after
sentinel failover-timeout $master_name $((down_after * 3))
sentinel parallel-syncs $master_name 1
requirepass $password
sentinel sentinel-pass $password
SENTINEL
}

# Nodes may have come back with other addresses, all at once even: each tells itself where the others are now.
meet_peers() {
  self="127.0.0.1:$port"
  while ! ask "$self" ping | grep -q PONG; do sleep 1; done
  while :; do
    state=$(ask "$self" cluster info || true)
    # A new node that knows nobody yet waits for create-cluster.
    case $state in *cluster_state:ok* | *cluster_slots_assigned:0*) state=fine ;; esac
    if [ "$state" != fine ]; then
      for peer in $REDIS_PEERS; do
        address=$(resolve "${peer%:*}")
        [ -n "$address" ] || continue
        ask "$self" cluster meet "$address" "${peer##*:}" >/dev/null || true
      done
    fi
    sleep 10
  done
}

create_cluster() {
  addresses=
  for peer in $REDIS_PEERS; do
    until ask "$peer" ping | grep -q PONG; do sleep 1; done
    if ask "$peer" cluster info | grep -q cluster_slots_assigned:16384; then
      echo "the cluster is there"
      return
    fi
    addresses="$addresses $(resolve "${peer%:*}"):${peer##*:}"
  done
  # shellcheck disable=SC2086 # one word an address
  REDISCLI_AUTH=$admin_password redis-cli --user operator --cluster create $addresses --cluster-replicas 1 --cluster-yes
}

mkdir -p "$dir"
case $role in
  sentinel)
    file=$dir/sentinel.conf
    # The sentinel itself keeps in it what it has learned.
    [ -s "$file" ] || write_sentinel >"$file"
    ;;
  single | replicated | cluster)
    file=$dir/redis.conf
    write_users >"$dir/users.acl"
    write_server >"$file"
    ;;
  *)
    echo "start.sh: what is $role?" >&2
    exit 2
    ;;
esac

if [ -n "$only_render" ]; then echo "$file"; exit; fi
case $role in
  sentinel) exec redis-server "$file" --sentinel ;;
  cluster)
    meet_peers &
    [ "$announce:$port" != "${REDIS_PEERS%% *}" ] || create_cluster &
    ;;
esac
exec redis-server "$file"
