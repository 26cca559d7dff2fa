# Sourced by rgw.sh and swift.sh: installs Debian packages, and runs daemons in a folder of their own until stdin ends.
set -euo pipefail
export LC_ALL=C
program=$(basename "$0")
readonly EX_UNAVAILABLE=69

say() { printf '%s: %s\n' "$program" "$*" >&2; }

# The server cannot be had on this machine; any other failure is one that must be looked into.
unavailable() {
  say "$*"
  exit $EX_UNAVAILABLE
}

have_all() {
  local command
  for command; do command -v "$command" >/dev/null || return 1; done
}

# install_packages "PACKAGE..." COMMAND...: installs the packages, unless all the commands that they bring are there.
install_packages() {
  local packages=$1
  shift
  have_all "$@" && return 0
  # Two test files may want the same server at once.
  exec 9<"$(dirname "$0")"
  flock 9
  have_all "$@" && return 0
  have_all apt-get || unavailable "needs $*, and there is no apt-get to install $packages"
  [ "$(id -u)" = 0 ] || unavailable "needs $*, and only root can install $packages"
  say "installing $packages"
  # In a shell of its own, at whose end services may start again.
  (keep_services_from_starting && apt_get update && apt_get install $packages) ||
    unavailable "apt-get cannot install $packages"
  exec 9<&-
  have_all "$@"
}

apt_get() {
  local operation=$1
  shift
  DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
    "$operation" --no-install-recommends "$@" </dev/null >&2
}

# The packages would start daemons of the whole machine.
keep_services_from_starting() {
  local policy=/usr/sbin/policy-rc.d
  [ ! -e $policy ] || return 0
  trap "rm -f $policy" EXIT
  printf '#!/bin/sh\nexit 101\n' >$policy
  chmod 755 $policy
}

declare -A pids=()
declare -A ports=()
folder=

# Makes the folder; it and what is launched goes when this shell ends, however that happens.
open_folder() {
  folder=$(mktemp -d "${TMPDIR:-/tmp}/${program%.sh}.XXXXXX")
  trap close_folder EXIT
  trap 'exit 1' INT TERM HUP
}

close_folder() {
  local status=$?
  # The data is thrown away, so that no daemon needs an orderly end.
  {
    [ ${#pids[@]} = 0 ] || kill -KILL "${pids[@]}" || true
    wait
  } 2>/dev/null
  rm -rf "$folder"
  exit $status
}

# launch NAME COMMAND...: the daemon also ends where this shell is killed.
launch() {
  local name=$1
  shift
  setpriv --pdeathsig KILL "$@" >"$folder/$name.log" 2>&1 </dev/null &
  pids[$name]=$!
}

# pick_port NAME: a free one, below those that the system gives to clients.
pick_port() {
  local port
  while :; do
    port=$((RANDOM % 12000 + 20000))
    [[ " ${ports[*]} " == *" $port "* ]] || (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  ports[$1]=$port
}

# wait_until COMMAND...: gives up after five minutes, or when a daemon has died, and shows the logs.
wait_until() {
  local name end=$((SECONDS + 300))
  until "$@"; do
    for name in "${!pids[@]}"; do kill -0 "${pids[$name]}" 2>/dev/null || fail "$name died"; done
    [ $SECONDS -lt $end ] || fail "waited five minutes for: $*"
    sleep 0.1
  done
}

fail() {
  tail -n 20 "$folder"/*.log >&2 || true
  say "$*"
  exit 1
}

answers() { curl -s -m 60 --noproxy '*' -o "$folder/answer" "http://127.0.0.1:$1/"; }

# Whoever started this shell holds the other end of stdin, and lets go of it by any death.
serve_until_stdin_ends() {
  local line
  while read -r line; do :; done
}

# run_program: what the command line asks for.
run_program() {
  case ${1:-} in
    install) install ;;
    serve) install && serve ;;
    *)
      say "usage: $program install | serve"
      say "serve prints KEY=VALUE lines and an empty one when it is ready, and serves until its stdin ends"
      exit 2
      ;;
  esac
}
