#!/usr/bin/env bash
# The Swift that verifies uploads in chunks: each chunk's signature, the trailer's, and every checksum. Debian 12's own
# refuses all of them. Where the system's is older than 2.35, Debian 13's is unpacked beside it, and nothing of that is
# installed: `swift-streaming.sh serve`, see daemons.sh.
source "$(dirname "$0")/swift.sh"

readonly NEWEST_WITHOUT=2.34.99
readonly SUITE=trixie
# apt takes that release's packages for what they are by that release's own key.
readonly ARCHIVE_KEY=/usr/share/keyrings/debian-archive-$SUITE-automatic.gpg
# crc32c and crc64nvme are libisal's.
readonly UNPACKED_PACKAGES=(python3-swift libisal2)
readonly unpacked=$(cd "$(dirname "$0")/../.." && pwd)/node_modules/.cache/swift-$SUITE

install() {
  install_swift
  system_is_new_enough || unpack_newer
}

system_is_new_enough() { dpkg --compare-versions "$(dpkg-query -W -f '${Version}' python3-swift)" gt $NEWEST_WITHOUT; }

print_version() {
  if system_is_new_enough; then dpkg-query -W -f '${Version}' python3-swift; else cat "$unpacked/version"; fi
}

# Has apt verify the release by its key, the index by the release, and the packages by the index.
unpack_newer() {
  if [ ! -e "$unpacked/version" ]; then
    exec 9<"$(dirname "$0")"
    flock 9
    [ -e "$unpacked/version" ] || fetch_newer || unavailable "cannot get ${UNPACKED_PACKAGES[*]} of Debian's $SUITE"
    exec 9<&-
  fi
  export PYTHONPATH=$unpacked/files/usr/lib/python3/dist-packages
  LD_LIBRARY_PATH=$(dirname "$(find "$unpacked/files" -name libisal.so)")
  export LD_LIBRARY_PATH
}

fetch_newer() {
  local mirror package
  mirror=$(find_mirror)
  [ -n "$mirror" ] || { say "apt knows no archive of Debian"; return 1; }
  [ -e "$ARCHIVE_KEY" ] || apt_get install debian-archive-keyring
  [ -e "$ARCHIVE_KEY" ] || { say "debian-archive-keyring has no key of $SUITE"; return 1; }
  say "fetching ${UNPACKED_PACKAGES[*]} of $SUITE"
  rm -rf "$unpacked"
  mkdir -p "$unpacked"/{lists/partial,archives/partial,packages,files}
  printf 'deb [signed-by=%s] %s %s main\n' "$ARCHIVE_KEY" "$mirror" $SUITE >"$unpacked/sources.list"
  apt_of_suite update || return 1
  (cd "$unpacked/packages" && apt_of_suite download "${UNPACKED_PACKAGES[@]}") || return 1
  for package in "$unpacked"/packages/*.deb; do dpkg -x "$package" "$unpacked/files" || return 1; done
  # Swift asks for the library by the name that a development package would give it.
  package=$(find "$unpacked/files" -name 'libisal.so.2' | head -n 1)
  ln -s libisal.so.2 "$(dirname "$package")/libisal.so" || return 1
  dpkg-deb -f "$unpacked"/packages/python3-swift_*.deb Version >"$unpacked/version"
}

# The archive that this machine's own packages of Debian come from.
find_mirror() {
  apt-get indextargets --format '$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "main" && $3 !~ /-/ { print $4; exit }'
}

# What apt is told here concerns nothing of the system but the list of what is installed, which it reads.
apt_of_suite() {
  apt-get -q -o Dir::Etc::sourcelist="$unpacked/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::lists="$unpacked/lists" -o Dir::Cache="$unpacked" -o APT::Sandbox::User=root \
    -o APT::Get::AllowUnauthenticated=false -o Acquire::AllowInsecureRepositories=false "$@" </dev/null >&2
}

run_program "$@"
