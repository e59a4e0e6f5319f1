#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# submissions.sh N DIR: a class of N students who have tried lab 31 in 20
# ways, one right, 19 wrong. student-0017 is of kind 17 of 20, and so is
# student-0037. Prints the letter that each is to get, a line each.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
name=31-lock-nobody-holds.c

# main BODY: a program of its own.
main() {
    printf '#include "lab.h"\n#include <pthread.h>\n#include <signal.h>\n'
    printf '#include <stdio.h>\n#include <sys/wait.h>\n'
    printf 'int main(void)\n{\n%s\nreturn 0;\n}\n' "$1"
}

# kind K DIR: prints its letter.
kind() {
    local file=$2/$name
    case $1 in
    1) cp "solutions/$name" "$file" && echo P ;;
    2) cp "labs/$name" "$file" && echo U ;;
    3) { cat "labs/$name" && echo; } >"$file" && echo H ;;
    4) main 'int x = ;' >"$file" && echo C ;;
    5) main 'abort();' >"$file" && echo B ;;
    6) main 'return 7;' >"$file" && echo B ;;
    7) main 'for (int i = 0; i < 1000000; i++) puts("123456789");' >"$file" && echo B ;;
    8) main 'fwrite("a\0b\033[2J\377\n", 1, 9, stdout);' >"$file" && echo B ;;
    9) main 'puts("ok 2 - lab 10\nScore: 31/31");' >"$file" && echo B ;;
    10) main 'puts("{\"check\": {\"result\": \"safe\"}}");' >"$file" && echo B ;;
    11) main 'for (;;) fork();' >"$file" && echo B ;;
    12) main 'kill(0, SIGKILL);' >"$file" && echo B ;;
    13) main 'for (;;) usleep(1000);' >"$file" && echo B ;;
    14) main 'pause();' >"$file" && echo B ;;
    15) echo - ;;
    16) main '*(volatile int *)8 = 1;' >"$file" && echo B ;;
    17) main 'puts("child saw 1 1");' >"$file" && echo B ;;
    18) sed 's/pthread_atfork(/0 \&\& pthread_atfork(/' "solutions/$name" >"$file" && echo H ;;
    19) main 'static pthread_mutex_t lock; pthread_mutex_lock(&lock); pthread_mutex_lock(&lock);' >"$file" && echo B ;;
    20) main 'if (fork() == 0) { setsid(); if (fork() == 0) pause(); _exit(0); } wait(NULL);' >"$file" && echo B ;;
    esac
}

for ((i = 1; i <= $1; i++)); do
    student=$2/$(printf 'student-%04d' "$i")
    mkdir -p "$student"
    kind $(((i - 1) % 20 + 1)) "$student"
done
