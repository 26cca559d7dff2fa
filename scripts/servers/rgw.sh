#!/usr/bin/env bash
# A throwaway Ceph RADOS Gateway on loopback, with S3, STS, IAM and its admin API: `rgw.sh serve`, see daemons.sh.
source "$(dirname "$0")/daemons.sh"

readonly ACCESS_KEY=AKIDRGWEXAMPLE000001
readonly SECRET_KEY=rgw/Example+Secret0123456789abcdefghijkl

install() {
  install_packages 'ceph-mon ceph-osd radosgw ceph-common curl' ceph-mon ceph-osd monmaptool radosgw radosgw-admin curl
}

serve() {
  local fsid
  fsid=$(cat /proc/sys/kernel/random/uuid)
  open_folder
  pick_port monitor
  pick_port rgw
  mkdir "$folder"/{mon,osd,rgw}
  write_config "$fsid" >"$folder/ceph.conf"
  start_cluster "$fsid"
  launch rgw radosgw -f -c "$folder/ceph.conf" -n client.rgw
  # It listens once the monitor and the OSD serve it.
  wait_until answers "${ports[rgw]}"
  create_user >"$folder/user.log" 2>&1 || fail 'cannot create the user'
  printf 'ENDPOINT=http://127.0.0.1:%s\nREGION=us-east-1\n' "${ports[rgw]}"
  printf 'ACCESS_KEY=%s\nSECRET_KEY=%s\n' $ACCESS_KEY $SECRET_KEY
  printf 'VERSION=%s\n\n' "$(radosgw --version | cut -d ' ' -f 3)"
  serve_until_stdin_ends
}

write_config() {
  local libraries
  libraries=/usr/lib/$(uname -m)-linux-gnu
  cat <<CONF
[global]
fsid = $1
mon host = [v2:127.0.0.1:${ports[monitor]}/0]
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
# Without cephx there is no secure mode, which radosgw asks for by default.
ms mon client mode = crc
ms mon service mode = crc
ms mon cluster mode = crc
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
run dir = $folder
pid file =
admin socket =
heartbeat file =
log to stderr = true
log to file = false
mon cluster log to file = false
crash dir = $folder
keyring = $folder/keyring
erasure code dir = $libraries/ceph/erasure-code
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 2000
# A full disk of the machine is no reason to refuse: the data is in memory.
mon data avail crit = 1
mon osd min up ratio = 0
mon osd min in ratio = 0

[mon]
mon data = $folder/mon
paxos propose interval = 0.05

[osd]
osd data = $folder/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd memory target = 1073741824
osd class dir = $libraries/rados-classes
osd class load list = *
osd class default list = *
osd max scrubs = 0

[client]
rgw data = $folder/rgw
# Without it, an answer to a client that waits to acknowledge takes 40 ms.
rgw frontends = beast endpoint=127.0.0.1:${ports[rgw]} tcp_nodelay=1
rgw thread pool size = 32
rgw rados pool pg num min = 1
rgw dns name = localhost
rgw enable apis = s3, sts, iam, admin
rgw sts key = 0123456789abcdef
rgw s3 auth use sts = true
# With 'local' last, as by default, a wrong secret is told AccessDenied; AWS and this order: SignatureDoesNotMatch.
rgw s3 auth order = sts, local, external
# AWS has 900 here; a test can wait for the end of a second.
rgw sts min session duration = 1
rgw enable usage log = false
rgw enable gc threads = false
rgw enable quota threads = false
rgw enable lc threads = false
rgw run sync thread = false
CONF
}

# A monitor and an OSD in memory; the OSD registers itself at boot.
start_cluster() {
  local fsid=$1 conf=$folder/ceph.conf map=$folder/monmap
  {
    monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:${ports[monitor]}/0]" "$map" &&
      ceph-mon -c "$conf" -i a --mkfs --fsid "$fsid" --monmap "$map"
  } >"$folder/mkfs.log" 2>&1 || fail 'cannot make the monitor'
  launch monitor ceph-mon -f -c "$conf" -i a
  ceph-osd -c "$conf" -i 0 --mkfs --osd-uuid "$(cat /proc/sys/kernel/random/uuid)" --monmap "$map" \
    >"$folder/mkfs.log" 2>&1 || fail 'cannot make the OSD'
  launch osd ceph-osd -f -c "$conf" -i 0
  # A radosgw that is started sooner may sit out a retry of 5 s.
  wait_until grep -q 'state: booting -> active' "$folder/osd.log"
}

# The caps let the tests make and unmake users and roles by the APIs.
create_user() {
  radosgw-admin -c "$folder/ceph.conf" -n client.admin user create --uid tester --display-name tester \
    --access-key $ACCESS_KEY --secret-key $SECRET_KEY --caps 'users=*;roles=*;user-policy=*'
}

run_program "$@"
