/* SPDX-License-Identifier: MIT
 *
 * libc: see libc.h.
 */
#define _GNU_SOURCE
#include "linux/libc.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/elf.h"

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif

bool libc_is_musl(const char *libc)
{
    return libc != NULL && strncmp(libc, "musl", 4) == 0;
}

/* ---- a program with an interpreter: ld.so(8) ---- */

/* The path in PT_INTERP, which points into the file; NULL: static. */
static const char *interpreter(Elf *elf)
{
    size_t count, size;
    GElf_Phdr head;
    const char *bytes = libelf.elf_rawfile(elf, &size);

    if (bytes == NULL || libelf.elf_getphdrnum(elf, &count) != 0)
        return NULL;
    for (size_t i = 0; i < count && i < INT_MAX; i++)
        if (libelf.gelf_getphdr(elf, (int)i, &head) != NULL &&
            head.p_type == PT_INTERP && head.p_offset < size &&
            head.p_filesz <= size - head.p_offset && head.p_filesz > 0 &&
            bytes[head.p_offset + head.p_filesz - 1] == '\0')
            return bytes + head.p_offset;
    return NULL;
}

/* The length of "1.2.3" or "1.2.3-git-4" at the start of text, else 0. */
static size_t version_length(const char *text, size_t size)
{
    size_t at = 0;

    for (int i = 0; i < 3; i++) {
        size_t digits = 0;
        while (at < size && isdigit((unsigned char)text[at]))
            at++, digits++;
        if (digits == 0 || digits > 3 || at == size ||
            (i < 2 && text[at++] != '.'))
            return 0;
    }
    if (text[at] == '-')
        while (at < size &&
               (isalnum((unsigned char)text[at]) ||
                strchr("-.", text[at]) != NULL) &&
               text[at] != '\0')
            at++;
    return at < size && text[at] == '\0' ? at : 0;
}

/* musl's interpreter is the library itself. Its version is a string in it,
 * which it prints when it is executed without arguments. */
static char *musl_version(const char *path)
{
    int fd;
    size_t size = 0, length = 0, at = 0;
    Elf *elf = elf_open_file(path, &fd);
    const char *bytes = elf ? libelf.elf_rawfile(elf, &size) : NULL;
    char *text = NULL;

    for (at = 1; bytes != NULL && at < size && length == 0; at++)
        if (bytes[at - 1] == '\0' && isdigit((unsigned char)bytes[at]))
            length = version_length(bytes + at, size - at);
    if (length > 0)
        text = xasprintf("musl %.*s", (int)length, bytes + at - 1);
    if (elf != NULL) {
        libelf.elf_end(elf);
        close(fd);
    }
    return text ? text : xstrdup("musl");
}

/* The version is known of our own glibc only, not of one in a container. */
static char *glibc_version(const char *ours, const char *theirs)
{
#ifdef __GLIBC__
    struct stat one, other;

    if (stat(ours, &one) == 0 && stat(theirs, &other) == 0 &&
        one.st_dev == other.st_dev && one.st_ino == other.st_ino)
        return xasprintf("glibc %s", gnu_get_libc_version());
#else
    (void)ours, (void)theirs;
#endif
    return xstrdup("glibc");
}

static char *dynamic_libc(const char *loader, const char *root)
{
    char *path = xasprintf("%s%s", root, loader), *text = NULL;

    if (strstr(loader, "/ld-musl-") != NULL)
        text = musl_version(path);
    else if (strstr(loader, "/ld-linux") != NULL ||
             strstr(loader, "/ld64.so") != NULL ||
             strstr(loader, "/ld.so") != NULL)
        text = glibc_version(loader, path);
    free(path);
    return text ? text : xstrdup("unknown");
}

/* ---- a static program ---- */

/* Every program of glibc has a note on the kernel that it needs: ABI_NOTE in
 * glibc's csu/abi-note.c. */
static bool has_abi_note(Elf *elf)
{
    GElf_Shdr head;

    for (Elf_Scn *section = NULL;
         (section = elf_next_section(elf, section, SHT_NOTE, &head)) != NULL;) {
        Elf_Data *data = libelf.elf_getdata(section, NULL);
        size_t at = 0, name, text;
        GElf_Nhdr note;
        while (data != NULL &&
               (at = libelf.gelf_getnote(data, at, &note, &name, &text)) > 0)
            if (note.n_type == NT_GNU_ABI_TAG && note.n_namesz == 4 &&
                memcmp((char *)data->d_buf + name, "GNU", 4) == 0)
                return true;
    }
    return false;
}

/* The start of a program with musl calls it, src/env/__libc_start_main.c. */
static bool has_musl_start(Elf *elf)
{
    static const char *const names[] = {"__init_libc", NULL};
    GElf_Shdr head;

    for (Elf_Scn *section = NULL;
         (section = elf_next_section(elf, section, SHT_SYMTAB, &head)) != NULL;)
        if (elf_table_has(elf, section, &head, names, false))
            return true;
    return false;
}

static char *static_libc(Elf *elf)
{
    if (has_abi_note(elf))
        return xstrdup("glibc (static)");
    return xstrdup(has_musl_start(elf) ? "musl (static)" : "unknown");
}

char *libc_of(const char *path, const char *root)
{
    int fd;
    Elf *elf = elf_open_file(path, &fd);

    if (elf == NULL)
        return NULL;
    const char *loader = interpreter(elf);
    char *libc = loader != NULL ? dynamic_libc(loader, root) : static_libc(elf);
    libelf.elf_end(elf);
    close(fd);
    return libc;
}
