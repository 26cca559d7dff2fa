#!/usr/bin/env bash
# install-packages.sh PACKAGE...: installs those of Debian's packages that are missing, where this is root on a Debian.
# Where they cannot be had it says so, and leaves it to the tests to do without them, or to fail.
set -u
missing=()
for package; do
  [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "Missing, and only root can install them by apt-get: ${missing[*]}" >&2
  exit 0
fi

# Another installation may hold the lock; package lists may be missing or out of date.
install() {
  DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=240 install --yes --no-install-recommends "${missing[@]}"
}
{ install || { apt-get -qq update && install; } || echo "apt-get cannot install ${missing[*]}"; } >&2
