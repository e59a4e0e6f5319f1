#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Puts forklab below a directory, or takes it away from there:
#
#   harness/scripts/install.sh install|uninstall DIR
#
# forklab finds the rest from where it is itself, so the whole may be moved.
# A user's attempts are in ~/.local/share/forklab.
set -eu
cd "$(dirname "$0")/../.."
to=$2 data=$2/share/forklab programs=$2/lib/forklab manuals=$2/share/man
completions=$2/share/bash-completion/completions

if [ "$1" = uninstall ]; then
    rm -rf "$to/bin/forklab" "$programs" "$data" "$manuals/man1/forklab.1" \
        "$manuals/man7/forklab-labs.7" "$completions/forklab" \
        "$to"/share/locale/*/LC_MESSAGES/forklab.mo
    exit
fi

install -d "$to/bin" "$programs/labs" "$programs/solutions" "$data/labs" \
    "$data/solutions" "$manuals/man1" "$manuals/man7" "$completions"
install -m 755 build/forklab "$to/bin/forklab"
# A lab that could not be built here has a source and no program.
for source in labs/[0-9]*.c solutions/[0-9]*.c; do
    program=${source%.c}
    [ ! -e "build/$program" ] ||
        install -m 755 "build/$program" "$programs/$program"
done
install -m 644 labs/*.* "$data/labs"
install -m 644 solutions/* "$data/solutions"
install -m 644 harness/scripts/installed.mk "$data/Makefile"
# A catalogue that could not be made here is empty.
for catalogue in build/locale/*/LC_MESSAGES/forklab.mo; do
    [ ! -s "$catalogue" ] ||
        install -D -m 644 "$catalogue" "$to/share/${catalogue#build/}"
done
ln -sfn ../../lib/forklab "$data/programs"
build/forklab manual 1 >"$manuals/man1/forklab.1"
build/forklab manual 7 >"$manuals/man7/forklab-labs.7"
build/forklab completion >"$completions/forklab"
