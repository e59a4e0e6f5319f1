/* SPDX-License-Identifier: MIT
 *
 * imports: see imports.h.
 */
#define _GNU_SOURCE
#include "linux/imports.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "linux/elf.h"
#include "linux/mapped.h"

/* As undefined symbols in .dynsym; in a static program, which has none, in any
 * form in .symtab. True if it has neither: it was stripped. */
static bool elf_imports(Elf *elf, const char *const *functions)
{
    Elf_Scn *section = NULL;
    bool dynamic = false, symbols = false;
    GElf_Shdr head;

    while ((section = elf_next_section(elf, section, SHT_DYNSYM, &head)) !=
           NULL) {
        dynamic = true;
        if (elf_table_has(elf, section, &head, functions, true))
            return true;
    }
    while (!dynamic && (section = elf_next_section(elf, section, SHT_SYMTAB,
                                                   &head)) != NULL) {
        symbols = true;
        if (elf_table_has(elf, section, &head, functions, false))
            return true;
    }
    return !dynamic && !symbols;
}

/* Closes fd. A file that is not ELF imports nothing; one that cannot be read
 * may import anything. */
static bool file_imports(int fd, const char *const *functions)
{
    bool found = true;

    if (fd == -1)
        return true;
    Elf *elf = elf_open_fd(fd);
    if (elf != NULL) {
        found =
            libelf.elf_kind(elf) == ELF_K_ELF && elf_imports(elf, functions);
        libelf.elf_end(elf);
    }
    close(fd);
    return found;
}

bool file_imports_any(const char *path, const char *const *functions)
{
    return file_imports(
        open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), functions);
}

/* ---- the files of a process ---- */

/* A line of /proc/PID/maps, "from-to rights offset dev inode path". */
struct mapping {
    unsigned long from, to;
    char rights[5];
    char path[4096];
};

static bool parse_mapping(const char *line, struct mapping *mapping)
{
    return sscanf(line, "%lx-%lx %4s %*s %*s %*s %4095[^\n]", &mapping->from,
                  &mapping->to, mapping->rights, mapping->path) == 4 &&
           mapping->path[0] == '/';
}

static bool maps_program(pid_t pid, const struct mapping *mapping)
{
    char link[64], target[4096];

    snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(link, target, sizeof(target) - 1);
    if (length <= 0)
        return false;
    target[length] = '\0';
    return strcmp(target, mapping->path) == 0;
}

/* Opens a mapped file. The program itself is opened by /proc/PID/exe, which
 * works even when it was deleted. Returns -1 if it cannot be opened. */
static int open_mapped(pid_t pid, const struct mapping *mapping)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
    return maps_program(pid, mapping)
               ? open(path, O_RDONLY | O_CLOEXEC)
               : mapped_open(pid, mapping->path, mapping->from, mapping->to);
}

/* libc defines these functions, whether anybody calls them or not. */
static bool is_libc(const char *path)
{
    const char *name = strrchr(path, '/');

    return name != NULL &&
           (strncmp(name, "/libc.so", 8) == 0 ||
            strncmp(name, "/libc-", 6) == 0 || strncmp(name, "/ld-", 4) == 0 ||
            strncmp(name, "/libc.musl", 10) == 0);
}

bool imports_any(pid_t pid, const char *const *functions)
{
    char maps[64], line[4352], last[4096] = "";
    struct mapping mapping;
    bool found = false;

    snprintf(maps, sizeof(maps), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(maps, "re");
    if (stream == NULL)
        return true;
    /* Only executable mappings; each file once. */
    while (!found && fgets(line, sizeof(line), stream) != NULL) {
        if (!parse_mapping(line, &mapping) || mapping.rights[2] != 'x' ||
            strcmp(mapping.path, last) == 0)
            continue;
        memcpy(last, mapping.path, sizeof(last));
        found = !is_libc(mapping.path) &&
                file_imports(open_mapped(pid, &mapping), functions);
    }
    fclose(stream);
    return found;
}

bool program_contains(pid_t pid, const void *text, size_t length)
{
    char path[64];
    struct stat info;
    bool found = true;

    snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd == -1)
        return true;
    if (fstat(fd, &info) == 0 && info.st_size > 0) {
        size_t size = (size_t)info.st_size;
        void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes != MAP_FAILED) {
            found = memmem(bytes, size, text, length) != NULL;
            munmap(bytes, size);
        }
    }
    close(fd);
    return found;
}
