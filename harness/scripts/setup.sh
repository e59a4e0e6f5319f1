#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Installs what is missing, and nothing else.
#
#   harness/scripts/setup.sh [run] [check] [check-docker] [lint] [class] [tools]
#                       [matrix] [site]     what labs, tests, lint, grading a
#                                           class, measuring and the site need; an
#                                           engine for containers is yours to choose
#   harness/scripts/setup.sh --probe [musl|site]    can forklab be compiled (can the labs
#                                           with musl, the site)? no change
#
# What is missing is found by looking for the command or the header, not for a
# package. Asks before it uses sudo, unless YES=1. Status: 0 all is there,
# 3 something is missing and could not be installed here.
set -u
cd "$(dirname "$0")/../.." || exit 4

# For what, what it is, what it is found by, its package for apt, dnf, apk and
# pacman. A word of a lab's Needs: line is needed where there is such a lab.
needs() {
    cat <<'END'
build|a C compiler|cc|gcc|gcc|gcc|gcc
build|the headers of libc|stdio.h|libc6-dev|glibc-devel|musl-dev|glibc
build|the headers of Linux|linux/seccomp.h|linux-libc-dev|kernel-headers|linux-headers|linux-api-headers
build|make|make|make|make|make|make
build|elfutils (libdw)|elfutils/libdwfl.h|libdw-dev|elfutils-devel|elfutils-dev|libelf
build|elfutils (libelf)|gelf.h|libelf-dev|elfutils-libelf-devel|elfutils-dev|libelf
build|cJSON|cjson/cJSON.h|libcjson-dev|cjson-devel|cjson-dev|cjson
run|diff|diff|diffutils|diffutils|diffutils|diffutils
mariadb|MariaDB's client library|mariadb_config|libmariadb-dev|mariadb-connector-c-devel|mariadb-connector-c-dev|mariadb-libs
mariadb|the MariaDB server|mariadbd|mariadb-server-core|mariadb-server|mariadb|mariadb
openssl|OpenSSL|openssl/ssl.h|libssl-dev|openssl-devel|openssl-dev|openssl
sqlite3|SQLite|sqlite3.h|libsqlite3-dev|sqlite-devel|sqlite-dev|sqlite
check|bash|bash|bash|bash|bash|bash
check|the compiler for musl|musl:|musl-tools|musl-gcc|musl-dev|musl
musl|the compiler for musl|musl:|musl-tools|musl-gcc|musl-dev|musl
check|bats|bats|bats|bats|bats|bash-bats
check|jq|jq|jq|jq|jq|jq
language|gettext|msgfmt|gettext|gettext|gettext|gettext
check|the tools of gettext|xgettext|gettext|gettext-devel|gettext-dev|gettext
check|GNU parallel|parallel|parallel|parallel|parallel|parallel
class|GNU parallel|parallel|parallel|parallel|parallel|parallel
check|a browser (Chromium)|chromium|chromium|chromium|chromium|chromium
check|Python's jsonschema|python:jsonschema|python3-jsonschema|python3-jsonschema|py3-jsonschema|python-jsonschema
lint|cmark-gfm|cmark-gfm.h|libcmark-gfm-dev|cmark-gfm-devel|cmark-gfm-dev|cmark-gfm
site|cmark-gfm|cmark-gfm.h|libcmark-gfm-dev|cmark-gfm-devel|cmark-gfm-dev|cmark-gfm
lint|the extensions of cmark-gfm|cmark-gfm-core-extensions.h|libcmark-gfm-extensions-dev|cmark-gfm-devel|cmark-gfm-dev|cmark-gfm
site|the extensions of cmark-gfm|cmark-gfm-core-extensions.h|libcmark-gfm-extensions-dev|cmark-gfm-devel|cmark-gfm-dev|cmark-gfm
site|jq|jq|jq|jq|jq|jq
check-docker|Docker Compose|compose:|docker-compose|docker-compose|docker-cli-compose|docker-compose
lint|clang|clang|clang|clang|clang|clang
lint|clang-format|clang-format|clang-format|clang-tools-extra|clang-extra-tools|clang
lint|clang-tidy|clang-tidy|clang-tidy|clang-tools-extra|clang-extra-tools|clang
lint|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck
lint|Python|python3|python3|python3|python3|python
lint|shellcheck|shellcheck|shellcheck|ShellCheck|shellcheck|shellcheck
tools|bash|bash|bash|bash|bash|bash
tools|clang|clang|clang|clang|clang|clang
tools|clang-tidy|clang-tidy|clang-tidy|clang-tools-extra|clang-extra-tools|clang
tools|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck|cppcheck
tools|valgrind|valgrind|valgrind|valgrind|valgrind|valgrind
tools|strace|strace|strace|strace|strace|strace
matrix|bash|bash|bash|bash|bash|bash
matrix|mmdebstrap|mmdebstrap|mmdebstrap|mmdebstrap|mmdebstrap|mmdebstrap
matrix|QEMU for x86-64|qemu-system-x86_64|qemu-system-x86|qemu-system-x86-core|qemu-system-x86_64|qemu-system-x86
matrix|QEMU for arm64|qemu-system-aarch64|qemu-system-arm|qemu-system-aarch64-core|qemu-system-aarch64|qemu-system-aarch64
matrix|cpio|cpio|cpio|cpio|cpio|cpio
matrix|kmod|modprobe|kmod|kmod|kmod|kmod
matrix|xz|xz|xz-utils|xz|xz|xz
matrix|setpriv|setpriv|util-linux|util-linux|setpriv|util-linux
END
}

# What make compiles with.
compiler=${CC:-cc}

say() {
    printf 'setup: %s\n' "$*"
}

give_up() {
    printf 'error: %s\n' "$*" >&2
    exit 3
}

# Is it there? A name with a dot is a header, the rest are commands, which may
# also stand where an ordinary user does not look.
there() {
    case $1 in
    python:*)
        python3 -c "import ${1#*:}" 2>/dev/null ||
            /usr/bin/python3 -c "import ${1#*:}" 2>/dev/null
        ;;
    musl:)
        command -v "${MUSL_CC:-musl-gcc}" >/dev/null && return 0
        command -v cc >/dev/null || return 1
        case $(cc -dumpmachine) in
        *musl) return 0 ;;
        *) return 1 ;;
        esac
        ;;
    compose:)
        command -v docker-compose >/dev/null ||
            docker compose version >/dev/null 2>&1
        ;;
    cc) command -v "${compiler%% *}" >/dev/null ;;
    *.h)
        if command -v "${compiler%% *}" >/dev/null; then
            # It may have options: CC="gcc -m32".
            # shellcheck disable=SC2086
            echo "#include <$1>" | $compiler -E -x c - >/dev/null 2>&1
        else
            for directory in /usr/include /usr/include/*-linux-*; do
                [ ! -e "$directory/$1" ] || return 0
            done
            return 1
        fi
        ;;
    *)
        PATH=$PATH:/usr/sbin:/usr/libexec command -v "$1" >/dev/null
        ;;
    esac
}

# Does the compiler take the smallest program there is, with these options?
compiles() {
    # It may have options of its own.
    # shellcheck disable=SC2086
    echo 'int main(void) { return 0; }' |
        $compiler "$@" -c -o /dev/null -x c - >/dev/null 2>&1
}

# Sets missing (words for people) and packages, for the sets that are asked for.
look() {
    missing=
    packages=
    while IFS='|' read -r set what probe apt dnf apk pacman; do
        case " $sets " in
        *" $set "*) ;;
        *) continue ;;
        esac
        there "$probe" && continue
        missing="$missing${missing:+, }$what"
        case $manager in
        apt-get) package=$apt ;;
        dnf) package=$dnf ;;
        apk) package=$apk ;;
        pacman) package=$pacman ;;
        *) continue ;;
        esac
        case " $packages " in
        *" $package "*) ;;
        *) packages="$packages${packages:+ }$package" ;;
        esac
    done <<END
$(needs)
END
}

# The command that installs $packages.
command_line() {
    case $manager in
    apt-get)
        echo "apt-get install -y --no-install-recommends $packages"
        ;;
    dnf) echo "dnf install -y --setopt=install_weak_deps=False $packages" ;;
    apk) echo "apk add --no-cache $packages" ;;
    pacman) echo "pacman -S --needed --noconfirm $packages" ;;
    esac
}

# Runs a command as root, its output kept for the case that it fails.
as_root() {
    $root env DEBIAN_FRONTEND=noninteractive "$@" >>"$log" 2>&1 </dev/null
}

install() {
    # Word splitting is what takes the line apart.
    # shellcheck disable=SC2046
    as_root $(command_line)
}

# Package lists are only fetched where there are none, or they are too old.
refresh() {
    case $manager in
    apt-get) as_root apt-get update ;;
    pacman) as_root pacman -Sy --noconfirm ;;
    *) false ;;
    esac
}

manager=
for candidate in apt-get dnf apk pacman; do
    if command -v "$candidate" >/dev/null; then
        manager=$candidate
        break
    fi
done

if [ "${1-}" = --probe ]; then
    sets=build also=
    cannot='forklab cannot be built'
    case ${2-} in
    musl) sets=musl also=' check' cannot='labs cannot be built with musl' ;;
    site) sets=site also=' site' cannot='the site cannot be built' ;;
    esac
    if command -v cc >/dev/null && ! there cc; then
        give_up "CC=$compiler is no compiler here; try it without CC=, or CC=gcc"
    fi
    if [ "$sets" = build ] && there cc && ! compiles; then
        give_up "the compiler $compiler does not work here: is PATH set," \
            "and is it a C compiler?"
    fi
    if [ "$sets" = build ] && there cc &&
        ! compiles -std=gnu17 -MMD -MP -MF /dev/null -pthread; then
        give_up "CC=$compiler refuses the options that forklab is built with:" \
            "use gcc or clang"
    fi
    look
    # Another compiler may not find what is installed: musl-gcc has headers of
    # its own.
    if [ -n "$missing" ] && [ "$sets" = build ] && [ "$compiler" != cc ]; then
        asked=$compiler lost=$missing
        compiler=cc
        look
        [ -n "$missing" ] ||
            give_up "CC=$asked does not find what is installed ($lost): build" \
                "forklab with gcc or clang; LIBC=musl builds the labs with musl"
        compiler=$asked
        look
    fi
    if [ -n "$missing" ]; then
        printf 'error: %s: %s missing\n' "$cannot" "$missing" >&2
        printf '  install what is missing:  make setup%s\n' "$also" >&2
        [ -z "$packages" ] || printf '  which runs:  %s\n' "$(command_line)" >&2
        exit 3
    fi
    # The directory must be ours to write to.
    if ! mkdir -p build 2>/dev/null || [ ! -w build ]; then
        printf 'error: cannot write to %s/build: copy forklab to a directory of your own\n' \
            "$PWD" >&2
        exit 3
    fi
    exit 0
fi

[ $# -gt 0 ] || set -- run
sets=build
for word in "$@"; do
    case $word in
    run)
        sets="$sets run $(sed -n 's/^ \* Needs: *//p' labs/*.c | tr ',\n' '  ')"
        ;;
    # Without gettext forklab and the site can be built, in English.
    check | site) sets="$sets $word language" ;;
    lint | class | tools | matrix) sets="$sets $word" ;;
    check-docker) sets="$sets check language $word" ;;
    *)
        echo "usage: harness/scripts/setup.sh [run] [check] [check-docker] [lint] [class] [tools] [matrix] [site] | --probe" >&2
        exit 2
        ;;
    esac
done

look
if [ -z "$missing" ]; then
    say "nothing to install"
    exit 0
fi
say "missing: $missing"
[ -n "$manager" ] ||
    give_up "no package manager that I know (apt, dnf, apk, pacman): install these yourself"

root=
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null; then
        root=sudo
    elif command -v doas >/dev/null; then
        root=doas
    else
        give_up "this needs root:  $(command_line)"
    fi
    if [ "${YES-}" != 1 ]; then
        [ -t 0 ] ||
            give_up "not asked, not done (YES=1 would):  $root $(command_line)"
        printf 'setup: run  %s %s  [y/N] ' "$root" "$(command_line)"
        read -r answer
        case $answer in
        [yY]*) ;;
        *) give_up "nothing was installed" ;;
        esac
    fi
    # A password is asked for here, where it can be seen.
    [ "$root" != sudo ] || sudo -v || give_up "sudo did not let us"
fi

say "running: ${root:+$root }$(command_line)"
log=$(mktemp) || exit 4
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM
if ! install && ! { refresh && install; }; then
    grep -E '^(E:|Error|ERROR|error)' "$log" | tail -n 3 >&2
    give_up "could not install them (is there a network?):  ${root:+$root }$(command_line)"
fi
look
[ -z "$missing" ] || give_up "installed, but still missing: $missing"
say "all is there"
