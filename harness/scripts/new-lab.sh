#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# new-lab: three files to begin a lab with: the program, its page, its solution.
# They can be run at once; each TODO is a blank, and `make lint` says which are
# left. What a lab is: labs/README.md.
#
#   harness/scripts/new-lab.sh NAME       lock-left-behind, or 47-lock-left-behind
#
# Without a number it is the first one that is free. Nothing is overwritten.
# Status: 0 made, 2 usage, 3 not possible here.
set -eu
cd "${BASH_SOURCE[0]%/*}/../.."
export LC_ALL=C

give_up() {
    printf 'new-lab: %s\n' "$2" >&2
    exit "$1"
}

taken() {
    local same=(labs/"$1"-*.c)
    [ -e "${same[0]}" ]
}

# The numbers of a chapter that no lab has.
free_numbers() {
    local number
    for number in 0 1 2 3 4 5 6 7 8 9; do
        [ "$1$number" = 00 ] || taken "$1$number" || printf ' %s' "$1$number"
    done
}

name=${1-}
[ $# = 1 ] || name=''
[ -n "$name" ] ||
    give_up 2 'which name? make new-lab NAME=lock-left-behind'
if [[ $name =~ ^([0-9][0-9])-(.*)$ ]]; then
    number=${BASH_REMATCH[1]} name=${BASH_REMATCH[2]}
else
    number=$(for chapter in 0 1 2 3 4 5 6 7 8; do free_numbers "$chapter"; done)
    read -r number _ <<<"$number"
fi
[[ ${#name} -le 32 && $name =~ ^[a-z0-9]+(-[a-z0-9]+)*$ ]] ||
    give_up 2 "\"$name\": words in small letters and hyphens, at most 32 characters"
[ "$number" != 00 ] || give_up 2 'the numbers begin with 01'
! taken "$number" || give_up 3 "there is a lab $number: $(echo labs/"$number"-*.c)"
stem=$number-$name

header() {
    cat <<END
/* SPDX-License-Identifier: MIT
 *
 * $stem: TODO one sentence.
 *
 * Hazard:  [child] exit 1
 * Safe:    [child] exit 42
 *
 * See $stem.md, fork(2).
 */
#include "lab.h"

#include <sys/wait.h>

int main(void)
{
    int status;

    say("parent: forks");
    pid_t pid = fork();
    if (pid == -1)
        die("fork");
END
}

footer() {
    cat <<'END'

    if (waitpid(pid, &status, 0) == -1)
        die("waitpid");
    say_end("child", status);
    return 0;
}
END
}

program() {
    header
    cat <<'END'
    if (pid == 0)
        _exit(1); /* TODO the hazard, here and in the header */
END
    footer
}

solution() {
    header
    cat <<'END'
    if (pid == 0)
        _exit(42); /* FIX: TODO why the cure holds. */
END
    footer
}

generated() {
    printf '<!-- %s:begin -->\n<!-- %s:end -->\n' "$1" "$1"
}

page() {
    local part
    printf '# %s: TODO the symptom in a few words\n' "$stem"
    while IFS='|' read -r part text; do
        printf '\n## %s\n\n' "$part"
        case $text in
        run | timeline | tools) generated "$text" ;;
        measured) generated measured && echo && generated matrix ;;
        *) printf '%s\n' "$text" ;;
        esac
        [ "$text" != timeline ] || printf '\n<details><summary>%s</summary>\n\n%s\n\n</details>\n' \
            'Three hints to cure it yourself' "1. TODO
2. TODO
3. TODO"
    done <<'END'
You see|- TODO the strings that people paste into a search engine
In short|TODO two or three sentences.
What is really going on|TODO what the kernel and libc do, with versions.
The run|run
The timeline|timeline
Cures and their cost|- TODO **what is done**. Cost: what it takes.
What does not help|- TODO **what looks like a cure**: why it is none.
In your language|- TODO **Python** 3.x: how it shows there, and is cured; each sentence run or sourced
Seen in the wild|- TODO a public report, with its address
Measured on|measured
Which tool would have told?|tools
Three questions|1. TODO
Teach|- TODO **Draw:** ten minutes at a board: what to draw, usual wrong answers
END
    printf '\n[Claims](CLAIMS.md): none\n'
}

set -C # nothing is overwritten
program >"labs/$stem.c"
page >"labs/$stem.md"
solution >"solutions/$stem.c"
cat <<TEXT
wrote labs/$stem.c labs/$stem.md solutions/$stem.c
chapter ${number%?} is: $(awk -F '\t' -v n="${number%?}" '$1 == n { print $2; found = 1 }
    END { if (!found) print "new: it needs a line in labs/chapters.tsv" }' labs/chapters.tsv)
also free there:$(free_numbers "${number%?}" | grep . || echo " no number")

    make lab-$number              it runs; now fill in each TODO
    make lint                what is left to be done
    harness/scripts/generate.sh labs/$stem.md    the run and the timeline
TEXT
