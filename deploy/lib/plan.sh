# shellcheck shell=bash disable=SC2034,SC2154 # its variables are those of deploy-multiuser.sh
# Reckons what a machine gets, from its cores and memory, the instances and the users asked for.

# What a server takes, a worker with its engine and a long recording, and system, Redis and HAProxy together, in MiB.
# `giong doctor` reckons with the same.
server_mib=512 worker_mib=410 rest_mib=1024
# The guide's tables: a conversion of each user in two minutes, 2.5 conversions a minute from each core at least.
users_per_worker=5

make_plan() {
  local room=$((memory * 1024 - rest_mib - instances * server_mib))
  workers=$((cores < 64 ? cores : 64))
  ((workers * worker_mib <= room)) || workers=$((room / worker_mib))
  ((workers >= 1)) ||
    fail "$memory GiB bộ nhớ không đủ cho $instances bản sao và một luồng · $memory GiB of memory are too little for $instances instances and one worker"
  # As many processes that convert as servers, so that one that dies takes only its share along.
  processes=$((instances < workers ? instances : workers))
  threads=$(((workers + processes - 1) / processes))
  # What a process may hold: itself, and what its threads are replaced for holding (GIONG_WORKER_MEMORY, 1 GiB).
  process_mib=$((server_mib + threads * 1024))
  # All together fit into the machine.
  ((process_mib * processes <= room)) || process_mib=$((room / processes))
  # A page opens some six connections at once, and keeps one for its news. HAProxy takes two open files for each.
  connections=$((users * 20 > 2000 ? users * 20 : 2000))
  ((connections <= 30000)) || connections=30000
  # An office may come from one address.
  users_per_address=$((users > 20 ? users : 20))
  connections_per_address=$((users * 6 > 200 ? users * 6 : 200))
  # Of all processes together; PostgreSQL takes 100 by default, and keeps some for its operator.
  pool=$((80 / (instances + processes)))
  ((pool <= 10)) || pool=10
  ((pool >= 2)) || pool=2
}

# threads_of 1: how many threads that process has; the first ones have one more where it does not divide evenly.
threads_of() { echo $((workers / processes + ($1 <= workers % processes ? 1 : 0))); }

# cores_of 2: the cores of that process, such as 2-3.
cores_of() {
  local index first=0
  for ((index = 1; index < $1; index++)); do first=$((first + $(threads_of "$index"))); done
  local last=$((first + $(threads_of "$1") - 1))
  ((first == last)) && echo "$first" || echo "$first-$last"
}

print_plan() {
  say "Giọng · $kind · $cores CPU, $memory GiB · $users người dùng (users)"
  say "  bản sao máy chủ (servers)            $instances"
  say "  tiến trình chuyển giọng (processes)  $processes"
  say "  luồng chuyển giọng (workers)         $workers"
  say "  bộ nhớ mỗi tiến trình (memory each)  $process_mib MiB"
  say "  kết nối HAProxy (connections)        $connections"
  ((workers == cores || cores > 64)) || warn "không đủ bộ nhớ cho mỗi nhân một luồng · memory is short: $workers workers on $cores cores"
  ((users <= workers * users_per_worker * 2)) ||
    warn "theo hướng dẫn, máy này hợp với khoảng $((workers * users_per_worker)) người; hãy đo bằng giong bench capacity · the guide has some $((workers * users_per_worker)) users on such a machine; measure it: giong bench capacity"
}

check_machine() {
  [ "$(uname -s)" = Linux ] || fail "cần Linux · Linux is needed"
  case $(uname -m) in x86_64 | aarch64) ;; *) fail "cần x86-64 hoặc ARM64 · an x86-64 or ARM64 machine is needed" ;; esac
  if [ "$(uname -m)" = x86_64 ] && ! grep -qm1 sse4_1 /proc/cpuinfo; then fail "CPU không có SSE4.1 · the CPU lacks SSE4.1"; fi
  local free
  free=$(df -Pm "${destination:-/}" | awk 'NR == 2 { print $4 }')
  ((free >= 2048)) || fail "đĩa chỉ còn $free MiB · only $free MiB of disk are free"
  ((free >= 10240)) || warn "đĩa chỉ còn $free MiB, nên có 10 GiB · only $free MiB of disk are free, 10 GiB are advisable"
  [ -z "$certificate" ] || check_certificate
}

check_certificate() {
  openssl x509 -noout -checkend 86400 -in "$certificate" >/dev/null 2>&1 ||
    fail "chứng chỉ không đọc được hoặc sắp hết hạn · $certificate is no certificate, or ends within a day"
  cmp -s <(openssl pkey -pubout -in "$certificate" 2>/dev/null) <(openssl x509 -noout -pubkey -in "$certificate") ||
    fail "tệp phải có cả chứng chỉ lẫn khóa của nó · $certificate must hold the certificate and its own key"
}
