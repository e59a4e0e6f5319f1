/* SPDX-License-Identifier: MIT
 *
 * imports: see imports.h. Symbol tables are read with libelf, elf(5).
 */
#define _GNU_SOURCE
#include "linux/imports.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "linux/mapped.h"

static bool is_one_of(const char *name, const char *const *functions)
{
    for (; name != NULL && *functions != NULL; functions++)
        if (strcmp(name, *functions) == 0)
            return true;
    return false;
}

/* Looks for the functions in one table: as undefined symbols in .dynsym, in any
 * form in the .symtab of a static program. */
static bool in_table(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
                     const char *const *functions)
{
    Elf_Data *data = elf_getdata(section, NULL);
    size_t count = head->sh_entsize ? head->sh_size / head->sh_entsize : 0;

    for (size_t i = 0; data != NULL && i < count; i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, (int)i, &symbol) == NULL ||
            (head->sh_type == SHT_DYNSYM && symbol.st_shndx != SHN_UNDEF))
            continue;
        if (is_one_of(elf_strptr(elf, head->sh_link, symbol.st_name),
                      functions))
            return true;
    }
    return false;
}

static bool elf_imports(Elf *elf, const char *const *functions)
{
    Elf_Scn *section = NULL;
    bool dynamic = false, symbols = false;

    while ((section = elf_nextscn(elf, section)) != NULL) {
        GElf_Shdr head;
        if (gelf_getshdr(section, &head) == NULL)
            continue;
        dynamic |= head.sh_type == SHT_DYNSYM;
        symbols |= head.sh_type == SHT_SYMTAB;
        if (head.sh_type == SHT_DYNSYM &&
            in_table(elf, section, &head, functions))
            return true;
    }
    if (dynamic)
        return false;
    for (section = NULL; (section = elf_nextscn(elf, section)) != NULL;) {
        GElf_Shdr head;
        if (gelf_getshdr(section, &head) != NULL &&
            head.sh_type == SHT_SYMTAB &&
            in_table(elf, section, &head, functions))
            return true;
    }
    return !symbols;
}

/* Closes fd. A file that is no ELF imports nothing; what could not be read may
 * be anything. */
static bool file_imports(int fd, const char *const *functions)
{
    bool found = true;

    if (fd == -1)
        return true;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    if (elf != NULL) {
        found = elf_kind(elf) == ELF_K_ELF && elf_imports(elf, functions);
        elf_end(elf);
    }
    close(fd);
    return found;
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

static bool is_program(pid_t pid, const struct mapping *mapping)
{
    char link[64], target[4096];

    snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(link, target, sizeof(target) - 1);
    if (length <= 0)
        return false;
    target[length] = '\0';
    return strcmp(target, mapping->path) == 0;
}

/* Opens what is mapped, also where its name is gone ("NAME (deleted)"): the
 * program by its link. Returns -1 where it cannot be had. */
static int open_mapped(pid_t pid, const struct mapping *mapping)
{
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
    return is_program(pid, mapping)
               ? open(path, O_RDONLY | O_CLOEXEC)
               : mapped_open(pid, mapping->path, mapping->from, mapping->to);
}

/* libc offers these functions, so it "has" them without calling them. */
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
    /* Code is in what may be executed; each file once. */
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
