#!/bin/sh
# netns.sh COMMAND…: runs it in a network namespace of its own that has nothing but loopback, so no packet of a test
# call or of a test browser leaves this machine and every port is free; what a test mounts (a small disk) nobody else
# sees.  Needs no root where the kernel lets ordinary users make namespaces.  192.0.2.2 (RFC 5737) is there because
# neither Asterisk nor Chromium offers 127.0.0.1 of its own as a media address.  Called inside such a namespace it simply
# runs the command.
set -eu
if [ "${HOTLINE_TEST_NAMESPACE:-}" = "$(readlink /proc/self/ns/net)" ]; then exec "$@"; fi
for tool in unshare ip; do
  command -v $tool >/dev/null || { echo "$tool is missing: apt-get install util-linux iproute2" >&2; exit 1; }
done
unshare -rnm true 2>/dev/null || {
  cat >&2 <<'SAY'
This machine lets nobody make namespaces without root.  One of these, as root, mends it:
  sysctl -w kernel.unprivileged_userns_clone=1                   (Debian)
  sysctl -w kernel.apparmor_restrict_unprivileged_userns=0       (Ubuntu 24.04)
In a container: start it with --cap-add=SYS_ADMIN --security-opt seccomp=unconfined
SAY
  exit 1
}
exec unshare -rnm sh -c '
  ip link set lo up
  ip addr add 192.0.2.2/32 dev lo
  HOTLINE_TEST_NAMESPACE=$(readlink /proc/self/ns/net)
  export HOTLINE_TEST_NAMESPACE
  exec "$@"' sh "$@"
