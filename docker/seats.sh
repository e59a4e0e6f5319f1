#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Seats of a workshop: writes docker/compose.yaml with N containers, and makes a
# directory docker/work/NN for each, which belongs to whoever the container runs
# as.
#
#   docker/seats.sh N          1 to 99; --print N only prints the file
set -u
cd "${BASH_SOURCE[0]%/*}" || exit 4

compose() {
    local seat
    sed "s/@N@/$1/" <<'END_OF_HEAD'
# SPDX-License-Identifier: MIT
#
# A workshop on one machine: a container for each attendee, all of the same image,
# and a directory docker/work/NN for what each of them writes. This file is what
# `docker/seats.sh @N@` writes; for another number of seats run it with that.
#
#   docker build -t forklab -f docker/Dockerfile .
#   docker/seats.sh @N@
#   docker compose -f docker/compose.yaml up -d
#   docker exec -it forklab-01 docker/entrypoint.sh      somebody sits down
#   make wall                                            who is stuck where
#   docker compose -f docker/compose.yaml down           the directories stay

x-seat: &seat
  image: ${FORKLAB_IMAGE:-forklab}
  # docker/.env has the user of the directories.
  user: "${FORKLAB_USER:-1000:1000}"
  stdin_open: true
  tty: true
  # Who leaves the shell finds a new one.
  restart: unless-stopped
  network_mode: none
  read_only: true
  tmpfs:
    - /tmp:exec
  cap_drop:
    - ALL
  security_opt:
    - no-new-privileges
  # What one of them starts must not take the others down.
  pids_limit: 512
  mem_limit: 1g

services:
END_OF_HEAD
    for ((seat = 1; seat <= $1; seat++)); do
        printf '  seat-%02d:\n    <<: *seat\n    container_name: forklab-%02d\n' \
            "$seat" "$seat"
        printf '    volumes:\n      - ./work/%02d:/home/student/forklab/attempts\n' \
            "$seat"
    done
}

# The user of a container: whoever asks, but not root.
user() {
    if [ "$(id -u)" -ne 0 ]; then
        echo "$(id -u):$(id -g)"
    else
        echo "${SUDO_UID:-1000}:${SUDO_GID:-1000}"
    fi
}

print=
[ "${1-}" != --print ] || { print=1 && shift; }
if [[ ! ${1-} =~ ^[1-9][0-9]?$ ]]; then
    echo 'usage: docker/seats.sh [--print] N        N is a number of seats, 1 to 99' >&2
    exit 2
fi
if [ -n "$print" ]; then
    compose "$1"
    exit
fi

for ((seat = 1; seat <= $1; seat++)); do
    directory=$(printf 'work/%02d' "$seat")
    mkdir -p "$directory" || {
        echo "error: cannot make docker/$directory; may you write to docker/?" >&2
        exit 3
    }
    [ "$(id -u)" -ne 0 ] || chown "$(user)" "$directory"
done
echo "FORKLAB_USER=$(user)" >.env
compose "$1" >compose.yaml
echo "docker/compose.yaml has $1 seats, docker/work a directory for each; next:"
echo "  docker compose -f docker/compose.yaml up -d"
