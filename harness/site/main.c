/* SPDX-License-Identifier: MIT
 *
 * site: makes the reference, build/site/, for `make site`.
 *
 *   build/site-generator ROOT DATA OUT [BASE [LANGUAGE...]]
 *
 * See site.h for what it reads. BASE is the address where it will be, for
 * canonical links and sitemap.xml; without one there are none of these.
 * LANGUAGE: there are pages in it, too, in a directory of that name. Those are
 * made by another call, with FORKLAB_LANG and the same BASE, below OUT.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/tongue.h"
#include "site/site.h"

/* What is there in English only. */
static void write_english(const struct site *site)
{
    write_symptoms(site);
    write_may_i_fork(site);
    write_functions(site);
    write_others(site);
    write_sitemap(site);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fputs("usage: site-generator ROOT DATA OUT [BASE [LANGUAGE...]]\n",
              stderr);
        return 2;
    }
    tongue_begin();
    struct site site = {.root = argv[1],
                        .data = argv[2],
                        .out = argv[3],
                        .base = argc > 4 ? argv[4] : "",
                        .up = tongue_name() ? "../" : "",
                        .languages = argc > 4 ? argv + 5 : argv + argc};

    if (!directories_make(site.out))
        site_die("%s cannot be made", site.out);
    site_load(&site);
    for (size_t i = 0; i < site.labs; i++)
        write_lab(&site, i);
    write_home(&site);
    write_which(&site);
    if (tongue_name() == NULL)
        write_english(&site);
    printf("%zu labs, %zu symptoms: %s/index.html\n", site.labs, site.symptoms,
           site.out);
    site_free(&site);
    return 0;
}
