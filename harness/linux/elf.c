/* SPDX-License-Identifier: MIT
 *
 * elf: see elf.h.
 */
#define _GNU_SOURCE
#include "linux/elf.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

Elf *elf_open_fd(int fd)
{
    if (!libelf_load())
        return NULL;
    libelf.elf_version(EV_CURRENT);
    return libelf.elf_begin(fd, ELF_C_READ_MMAP, NULL);
}

Elf *elf_open_file(const char *path, int *fd)
{
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (*fd == -1)
        return NULL;
    Elf *elf = elf_open_fd(*fd);
    if (elf != NULL && libelf.elf_kind(elf) == ELF_K_ELF)
        return elf;
    if (elf != NULL)
        libelf.elf_end(elf);
    close(*fd);
    return NULL;
}

Elf_Scn *elf_next_section(Elf *elf, Elf_Scn *section, GElf_Word type,
                          GElf_Shdr *head)
{
    while ((section = libelf.elf_nextscn(elf, section)) != NULL)
        if (libelf.gelf_getshdr(section, head) != NULL && head->sh_type == type)
            return section;
    return NULL;
}

static bool is_one_of(const char *name, const char *const *names)
{
    for (; name != NULL && *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

bool elf_table_has(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
                   const char *const *names, bool undefined)
{
    Elf_Data *data = libelf.elf_getdata(section, NULL);
    size_t count = head->sh_entsize ? head->sh_size / head->sh_entsize : 0;

    for (size_t i = 0; data != NULL && i < count; i++) {
        GElf_Sym symbol;
        if (libelf.gelf_getsym(data, (int)i, &symbol) == NULL ||
            (undefined && symbol.st_shndx != SHN_UNDEF))
            continue;
        if (is_one_of(libelf.elf_strptr(elf, head->sh_link, symbol.st_name),
                      names))
            return true;
    }
    return false;
}

static bool begins_with_one_of(const char *file, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strncmp(file, *names, strlen(*names)) == 0)
            return true;
    return false;
}

/* Does the dynamic section name a file as DT_NEEDED that begins with one of
 * these, or (with `other`) with none of them? */
static bool needs(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
                  const char *const *names, bool other)
{
    Elf_Data *data = libelf.elf_getdata(section, NULL);
    GElf_Dyn entry;

    for (int i = 0; data != NULL && libelf.gelf_getdyn(data, i, &entry) != NULL;
         i++) {
        const char *file =
            entry.d_tag == DT_NEEDED
                ? libelf.elf_strptr(elf, head->sh_link, entry.d_un.d_val)
                : NULL;
        if (file != NULL && begins_with_one_of(file, names) != other)
            return true;
    }
    return false;
}

static bool needs_one(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
                      const char *const *names)
{
    return needs(elf, section, head, names, false);
}

static bool needs_other(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
                        const char *const *names)
{
    return needs(elf, section, head, names, true);
}

static bool has_symbol(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
                       const char *const *names)
{
    return elf_table_has(elf, section, head, names, false);
}

/* Does one of the file's sections of these types (up to SHT_NULL) have it? */
static bool any_section(const char *path, const GElf_Word *types,
                        bool has(Elf *elf, Elf_Scn *section,
                                 const GElf_Shdr *head,
                                 const char *const *names),
                        const char *const *names)
{
    int fd;
    bool found = false;
    GElf_Shdr head;
    Elf *elf = elf_open_file(path, &fd);

    if (elf == NULL)
        return false;
    for (; !found && *types != SHT_NULL; types++)
        for (Elf_Scn *section = NULL;
             !found &&
             (section = elf_next_section(elf, section, *types, &head));)
            found = has(elf, section, &head, names);
    libelf.elf_end(elf);
    close(fd);
    return found;
}

static const GElf_Word dynamic[] = {SHT_DYNAMIC, SHT_NULL};

bool elf_loads(const char *path, const char *name)
{
    return any_section(path, dynamic, needs_one,
                       (const char *const[]){name, NULL});
}

bool elf_loads_others(const char *path, const char *const *names)
{
    return any_section(path, dynamic, needs_other, names);
}

bool elf_has_symbol(const char *path, const char *name)
{
    static const GElf_Word types[] = {SHT_DYNSYM, SHT_SYMTAB, SHT_NULL};

    return any_section(path, types, has_symbol,
                       (const char *const[]){name, NULL});
}
