/* SPDX-License-Identifier: MIT
 *
 * elf: what stands in an ELF file, elf(5), by libelf. Nothing is executed.
 */
#ifndef FORKLAB_ELF_H
#define FORKLAB_ELF_H

#include <stdbool.h>

#include "linux/libelf.h"

/* Opens a file for libelf. The caller gives back the result by elf_end() and
 * then closes *fd. NULL: not an ELF file, or not readable; *fd is closed. */
Elf *elf_open_file(const char *path, int *fd);

/* The same for a file that is open already; fd stays the caller's. NULL only if
 * it cannot be read: elf_kind() of the result says whether it is an ELF file.
 */
Elf *elf_open_fd(int fd);

/* The section of that type (SHT_...) which follows `section`, or the first one
 * if that is NULL, with its header; NULL: there is none. */
Elf_Scn *elf_next_section(Elf *elf, Elf_Scn *section, GElf_Word type,
                          GElf_Shdr *head);

/* Does a symbol table, SHT_SYMTAB or SHT_DYNSYM, have one of these names (a
 * list that ends with NULL)? With `undefined`, only as a symbol that another
 * file has to define. */
bool elf_table_has(Elf *elf, Elf_Scn *section, const GElf_Shdr *head,
                   const char *const *names, bool undefined);

/* Does the program load a shared object at its start whose file name begins
 * with `name`? False for what is not an ELF file, or not readable. */
bool elf_loads(const char *path, const char *name);

/* Does it load one whose file name begins with none of these (a list that ends
 * with NULL)? False as above. */
bool elf_loads_others(const char *path, const char *const *names);

/* Does one of the program's symbol tables have this name, defined or not? False
 * for what is not an ELF file, not readable, or has no symbol table. */
bool elf_has_symbol(const char *path, const char *name);

#endif
