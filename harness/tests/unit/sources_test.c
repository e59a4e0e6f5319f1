/* SPDX-License-Identifier: MIT
 *
 * Tests of what is said about an attempt's source: what it uses, and why a
 * person should look at it. No solution is flagged; each kind of dodge is. TAP.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "course/sources.h"
#include "oracle/labs.h"
#include "tests/unit/tap.h"

static struct lab_list all_labs;

static const struct lab *lab_of(int number)
{
    for (size_t i = 0; i < all_labs.count; i++)
        if (all_labs.lab[i].number == number)
            return &all_labs.lab[i];
    return NULL;
}

/* Of the lab's source, `from` once replaced by `to`: the flag has `word`, or is
 * NULL where that is. */
static void flags(int number, const char *from, const char *to,
                  const char *word)
{
    const struct lab *lab = lab_of(number);
    char *text = lab ? file_read(lab->source, NULL) : NULL;
    char path[] = "/tmp/sources-XXXXXX";
    int fd = mkstemp(path);
    char *at = text ? strstr(text, from) : NULL;
    struct sources sources = {0};

    if (at != NULL && fd != -1) {
        dprintf(fd, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
        struct known known;
        known_read(".", lab, &known);
        sources_compare(".", lab, &known, path, &sources);
        sources_see_program(&sources, lab, NULL);
        known_free(&known);
    }
    bool good = at != NULL && (word == NULL) == (sources.flag == NULL) &&
                (word == NULL || strstr(sources.flag, word) != NULL);
    if (!ok(good, "lab %d, %s: %s", number, to, word ? word : "no flag"))
        printf("# flag: %s\n", sources.flag ? sources.flag : "(null)");
    sources_free(&sources);
    close(fd);
    unlink(path);
    free(text);
}

static void no_solution_is_flagged(void)
{
    for (size_t i = 0; i < all_labs.count; i++) {
        const struct lab *lab = &all_labs.lab[i];
        char *file = xasprintf("solutions/%s.c", lab->stem);
        struct sources sources;
        struct known known;
        known_read(".", lab, &known);
        sources_compare(".", lab, &known, file, &sources);
        sources_see_program(&sources, lab, NULL);
        known_free(&known);
        if (!ok(sources.flag == NULL, "%s: not flagged", file))
            printf("# flag: %s\n", sources.flag);
        sources_free(&sources);
        free(file);
    }
}

static void programs(void)
{
    struct sources sources = {.calls = true};

    strings_add(&sources.cures, "pthread_atfork");
    sources_see_program(&sources, lab_of(33), "/proc/self/exe");
    ok(sources.flag != NULL && strstr(sources.flag, "imports ctime_r"),
       "a program that does not import the hazard's function");
    ok(sources.flag != NULL && strstr(sources.flag, "no call") != NULL,
       "... nor the cure that stands in its source");
    sources_free(&sources);
    strings_add(&sources.cures, "fork");
    sources_see_program(&sources, lab_of(1), "/proc/self/exe");
    same_text(sources.flag, NULL, "a lab that does not hang has no function");
    sources_free(&sources);
}

int main(void)
{
    char *error = labs_find(".", &all_labs);

    if (error != NULL) {
        printf("Bail out! %s\n", error);
        return 1;
    }
    no_solution_is_flagged();
    flags(31, "        pthread_mutex_lock(&lock);\n", "", "instead of 3");
    flags(31, "event_wait(&locked);", "event_wait(&locked), alarm(1);",
          "it uses alarm");
    flags(31, "event_wait(&locked);", "pthread_atfork(0, 0, die);", NULL);
    flags(31, "event_wait(&locked);", "pthread_atfork(NULL, NULL, NULL);",
          "no call");
    flags(44, "token = next_token()", "token = next_token() + getpid()",
          "no call");
    flags(31, "event_wait(&locked);", "if (0) pthread_atfork(0, 0, die);",
          "never runs");
    flags(34, "look_up(\"localhost\")", "\"an address\"",
          "calls look_up() less");
    flags(31, "event_wait(&locked);", "/* pthread_atfork(); */", "no call");
    flags(31, "event_wait(&locked);", "char *a = \"pthread_atfork()\";",
          "no call");
    flags(31, "event_wait(&locked);", "(void)pthread_atfork;", "no call");
    flags(31, "event_wait(&locked);", "void *a = pthread_atfork;", "no call");
    flags(31, "event_wait(&locked);", "if (pthread_atfork) {}", "no call");
    flags(31, "event_wait(&locked);", "close_range(3, 4, 0);", "no call");
    flags(6, "    pid_t pid = fork();", "    int kind = MAP_SHARED;",
          "no call");
    flags(12, "    close(fd[0]);", "    close(fd[0]), close(fd[0]);",
          "no call");
    flags(12, "    close(fd[0]);", "    close(fd[0]), close(fd[1]);", NULL);
    flags(16, "F_SETLK", "F_OFD_SETLK", NULL); /* its page names it */
    flags(1, "exit(42)", "quick_exit(42)", NULL);
    flags(7, "if (kill(worker, SIGTERM)", "if (kill(worker, 0)", "no call");
    flags(7, "if (kill(worker, SIGTERM)", "if (worker > 0 && kill(worker, 15)",
          NULL);
    flags(31, "event_wait(&locked);", "char *a = \"FORKLAB_SEED\";",
          "variable of the runner");
    flags(14, "show(\"parent read %s\", text)", "show(\"parent read hello\")",
          "\"parent read hello\" is typed");
    flags(31, "show(\"child saw %d %d\", orders, bills)",
          "show(\"child saw %d %d\", 7, getpid())", "not how the lab shows it");
    flags(6, "    pid_t pid = fork();", "    int mine = run_number(7);",
          "it uses run_number");
    flags(17, "    say(\"parent: hangs up\");", "    gone[1] = 0;", "no call");
    flags(17, "    say(\"parent: hangs up\");", "    epoll = EPOLL_CTL_DEL;",
          "no call");
    flags(17, "    say(\"parent: hangs up\");",
          "    epoll_ctl(epoll, EPOLL_CTL_DEL, 0, NULL);", NULL);
    flags(31, " * Number:  1\n", "", "earlier text");
    flags(12, " * Number:  100\n", "", "earlier text");
    flags(14, "show(\"parent read %s\", text)",
          "poll(0, 0, 0) /* show(\"parent read hello\") */", NULL);
    programs();
    labs_free(&all_labs);
    printf("1..%d\n", tests);
    return failures > 0;
}
