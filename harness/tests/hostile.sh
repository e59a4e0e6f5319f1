#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# hostile.sh N DIR: a class of N students who answer lab 31 in 39 ways, and are
# called what a file system allows: blanks, quotes, markup, a dash in front, a
# line end, UTF-8 and bytes that are none, 250 bytes. Every third one has an
# attempt at lab 33 too (hazard), every 20th the solutions of all other labs.
#
# Each name ends with "#NUMBER". Prints "NUMBER LETTER", the letter that lab 31
# is to get. Sockets, devices and what only root can make are left out.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
name=31-lock-nobody-holds.c
include='#include "lab.h"\n#include <fcntl.h>\n#include <pthread.h>\n'
include+='#include <signal.h>\n#include <stdio.h>\n#include <stdlib.h>\n'
include+='#include <string.h>\n#include <sys/wait.h>\n'

# main BODY: a program of its own, on stdout.
main() {
    printf "$include"'int main(void)\n{\n%s\nreturn 0;\n}\n' "$1"
}

# What is right, and what is no program.
plain_kind() {
    case $1 in
    1) cp "solutions/$name" "$2" && echo P ;;
    2) sed 's/^/ /' "solutions/$name" >"$2" && echo P ;;
    3) cp "labs/$name" "$2" && echo U ;;
    4) echo - ;;
    5) main 'int x = ;' >"$2" && echo C ;;
    6) : >"$2" && echo C ;;
    7) head -c 3000 /bin/sh >"$2" && echo C ;;
    8) { echo '/*' && head -c 2000000 /dev/zero | tr '\0' x && echo '*/'; } >"$2" && echo C ;;
    9) ln -s /etc/passwd "$2" && echo C ;;
    10) ln -s / "${2%/*}/attempts" && echo - ;;
    11) mkfifo "$2" && echo C ;;
    12) mkdir "$2" && echo C ;;
    13) echo nonsense >"$2" && chmod 000 "$2" && echo C ;;
    14) mkdir "${2%/*}/attempts" && chmod 000 "${2%/*}/attempts" && echo - ;;
    15) echo '#include "/dev/zero"' >"$2" && echo C ;;
    16) printf '#include "%s"\n#include "%s"\n' "$name" "$name" >"$2" && echo C ;;
    17) { printf '\357\273\277' && sed 's/$/\r/' "solutions/$name"; } >"$2" && echo P ;;
    esac
}

# What does too little, or has the hazard still.
wrong_kind() {
    case $1 in
    18) { cat "labs/$name" && echo; } && echo H >&3 ;;
    19) sed 's/pthread_atfork(/0 \&\& pthread_atfork(/' "solutions/$name" && echo H >&3 ;;
    20) main 'abort();' ;;
    21) main '*(volatile int *)8 = 1;' ;;
    22) main 'return 7;' ;;
    23) main 'puts("child saw 1 1");' ;;
    24) main 'puts("ok 2 - lab 10\nScore: 31/31\n{\"check\": {\"result\": \"safe\"}}");' ;;
    25) main 'puts("</pre><script>document.title = 1</script>"); /* </pre><script>alert(1)</script> */' ;;
    26) main 'fwrite("a\0b\033[2J\377\n", 1, 9, stdout);' ;;
    27) sed 's/^int main(void)$/int main(void);\nint real(void);\n&\n{ const char *s = getenv("FORKLAB_SEED"); return s \&\& atoi(s) == 11 ? 7 : real(); }\nint real(void)/' \
        "solutions/$name" | sed 's/^#include <sys/#include <stdlib.h>\n&/' ;;
    esac
}

# What does too much.
wild_kind() {
    case $1 in
    28) main 'for (int i = 0; i < 1000000; i++) puts("123456789");' ;;
    29) main 'for (;;) fputs("noise\n", stderr);' ;;
    30) main 'for (;;) fork();' ;;
    31) main 'kill(0, SIGKILL);' ;;
    32) main 'kill(-1, SIGKILL); return 3;' ;;
    33) main 'for (;;) ;' ;;
    34) main 'for (;;) usleep(1000);' ;;
    35) main 'pause();' ;;
    36) main 'static pthread_mutex_t lock; pthread_mutex_lock(&lock); pthread_mutex_lock(&lock);' ;;
    37) main 'if (fork() == 0) { setsid(); if (fork() == 0) pause(); _exit(0); } wait(NULL);' ;;
    38) main 'int fd = open("/tmp/x", O_CREAT | O_WRONLY, 0600); static char x[1 << 20]; for (int i = 0; i < 1024; i++) if (write(fd, x, sizeof(x)) < 0) return 4;' ;;
    39) main 'for (;;) { char *x = malloc(1 << 20); if (!x) return 5; memset(x, 1, 1 << 20); }' ;;
    esac
}

kind() {
    if [ "$1" -le 17 ]; then
        plain_kind "$1" "$2"
    elif [ "$1" -le 19 ]; then
        { wrong_kind "$1" >"$2"; } 3>&1
    else
        { wrong_kind "$1" && wild_kind "$1"; } >"$2" 3>/dev/null
        echo B
    fi
}

# Names of eleven kinds.
name_of() {
    local long
    printf -v long '%*s' 245 ''
    case $(($1 % 11)) in
    0) printf 'Ann Bo' ;;
    1) printf '<script>alert("1")<\\script>' ;;
    2) printf -- '-rf' ;;
    3) printf 'two\nlines' ;;
    4) printf "O'Neil \"Q\" \`id\` \$(id)" ;;
    5) printf 'Zo\303\253 \345\261\261\347\224\260' ;;
    6) printf '%s' "${long// /x}" ;;
    7) printf '=1+1' ;;
    8) printf '100%% & ?a#b' ;;
    9) printf '\377 not UTF-8\033[2J' ;;
    10) printf '{tab\there}' ;;
    esac
    printf '#%03d' "$1"
}

for ((i = 1; i <= $1; i++)); do
    student=$2/$(name_of "$i")
    mkdir -p -- "$student"
    echo "$i $(kind $(((i - 1) % 39 + 1)) "$student/$name")"
    ((i % 3)) || { cat labs/33-*.c && echo; } >"$student/33-x.c"
    ((i % 20)) || for solution in solutions/*.c; do
        [ "${solution##*/}" = "$name" ] || cp "$solution" "$student"
    done
done
