#!/usr/bin/env bash
# A throwaway OpenStack Swift with its S3 API on loopback: `swift.sh serve`, see daemons.sh.
source "$(dirname "$0")/daemons.sh"

readonly ACCESS_KEY=test:tester
readonly SECRET_KEY=swift/Example+Secret0123456789
readonly REGION=us-east-1
readonly STORES=(account container object)

install() { install_swift; }

install_swift() {
  install_packages 'swift-proxy swift-account swift-container swift-object memcached curl' memcached curl \
    swift-ring-builder swift-proxy-server swift-account-server swift-container-server swift-object-server
  (require_extended_attributes)
}

serve() {
  local name
  open_folder
  for name in proxy memcached "${STORES[@]}"; do pick_port $name; done
  mkdir -p "$folder"/{tmp,srv/disk}
  cat >"$folder/swift.conf" <<CONF
[swift-hash]
swift_hash_path_prefix = live
swift_hash_path_suffix = live
[storage-policy:0]
name = gold
default = yes
CONF
  for name in "${STORES[@]}"; do
    write_store_config "$name" >"$folder/$name-server.conf"
    build_ring "$name" >"$folder/ring.log" 2>&1 || fail "cannot build the ring of $name"
  done
  write_proxy_config >"$folder/proxy-server.conf"
  launch memcached memcached -l 127.0.0.1 -p "${ports[memcached]}" -U 0 -m 16 -c 256 -t 1 -u "$(id -un)"
  export SWIFT_DIR=$folder
  for name in "${STORES[@]}" proxy; do launch $name swift-$name-server "$folder/$name-server.conf" -v; done
  for name in "${STORES[@]}" proxy; do wait_until answers "${ports[$name]}"; done
  printf 'ENDPOINT=http://127.0.0.1:%s\nREGION=%s\n' "${ports[proxy]}" $REGION
  printf 'ACCESS_KEY=%s\nSECRET_KEY=%s\n' $ACCESS_KEY $SECRET_KEY
  printf 'VERSION=%s\n\n' "$(print_version)"
  serve_until_stdin_ends
}

print_version() { dpkg-query -W -f '${Version}' swift-proxy; }

require_extended_attributes() {
  open_folder
  /usr/bin/python3 -c 'import os, sys; os.setxattr(sys.argv[1], "user.test", b"1")' "$folder" 2>/dev/null ||
    unavailable "needs user extended attributes, which the file system of $(dirname "$folder") lacks; set TMPDIR"
}

common_config() {
  cat <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${ports[$1]}
workers = 0
user = $(id -un)
swift_dir = $folder
devices = $folder/srv
mount_check = false
fallocate_reserve = 0
disable_fallocate = true
log_address = $folder/no-syslog
CONF
}

write_store_config() {
  common_config $1
  cat <<CONF
recon_cache_path = $folder/tmp
[pipeline:main]
pipeline = $1-server
[app:$1-server]
use = egg:swift#$1
fsync_dir = false
eventlet_tpool_num_threads = 2
CONF
}

build_ring() {
  local builder=$folder/$1.builder
  swift-ring-builder "$builder" create 4 1 0
  swift-ring-builder "$builder" add "r1z1-127.0.0.1:${ports[$1]}/disk" 1
  swift-ring-builder "$builder" rebalance
}

write_proxy_config() {
  common_config proxy
  # tempauth does not run without a memcached.
  cat <<CONF
[pipeline:main]
pipeline = catch_errors gatekeeper cache s3api tempauth bulk slo copy proxy-server
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${ports[memcached]}
[filter:s3api]
use = egg:swift#s3api
location = $REGION
storage_domain = localhost
s3_acl = false
check_bucket_owner = false
[filter:tempauth]
use = egg:swift#tempauth
user_${ACCESS_KEY/:/_} = $SECRET_KEY .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:copy]
use = egg:swift#copy
CONF
}

# swift-streaming.sh sources this file, and runs another version of it.
[ "${BASH_SOURCE[0]}" != "$0" ] || run_program "$@"
