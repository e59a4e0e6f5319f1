/* SPDX-License-Identifier: MIT
 *
 * imports: see imports.h. Symbol tables are read with libelf, elf(5).
 */
#define _GNU_SOURCE
#include "imports.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static bool file_imports(const char *path, const char *const *functions)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool found = true;

    if (fd == -1)
        return true;
    elf_version(EV_CURRENT);
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    if (elf != NULL) {
        found = elf_kind(elf) != ELF_K_ELF || elf_imports(elf, functions);
        elf_end(elf);
    }
    close(fd);
    return found;
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
    char maps[64], line[4352], path[4096], last[4096] = "", full[4160];
    bool found = false;

    snprintf(maps, sizeof(maps), "/proc/%d/maps", (int)pid);
    FILE *stream = fopen(maps, "re");
    if (stream == NULL)
        return true;
    /* "from-to perms offset dev inode path": each file once. */
    while (!found && fgets(line, sizeof(line), stream) != NULL) {
        if (sscanf(line, "%*s %*s %*s %*s %*s %4095[^\n]", path) != 1 ||
            path[0] != '/' || strcmp(path, last) == 0 ||
            strchr(line, 'x') == NULL)
            continue;
        memcpy(last, path, sizeof(last));
        snprintf(full, sizeof(full), "/proc/%d/root%s", (int)pid, path);
        found = !is_libc(path) && file_imports(full, functions);
    }
    fclose(stream);
    return found;
}
