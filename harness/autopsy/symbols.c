/* SPDX-License-Identifier: MIT
 *
 * symbols: see symbols.h.
 */
#define _GNU_SOURCE
#include "autopsy/symbols.h"

#include <dwarf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "linux/mapped.h"

/* ---- modules ---- */

/* Separate debug files are not searched for: they explain only the inside of
 * libraries, and reading them takes 60 ms. */
static int no_debug_file(Dwfl_Module *module, void **user, const char *name,
                         Dwarf_Addr base, const char *file, const char *link,
                         GElf_Word crc, char **found)
{
    (void)module, (void)user, (void)name, (void)base;
    (void)file, (void)link, (void)crc, (void)found;
    return -1;
}

/* Opens the file that the process has mapped; by its name alone we might open
 * another one, or none. A program that was deleted, or replaced by make(1), can
 * be opened as /proc/PID/exe. Of another deleted file libdwfl reads what is
 * mapped, as it does for the vDSO. */
static int find_elf(Dwfl_Module *module, void **user, const char *name,
                    Dwarf_Addr base, char **file, Elf **elf)
{
    const struct module *own = *user;
    char exe[64], memory[64];
    int fd;

    if (own == NULL || name[0] != '/')
        return dw.dwfl_linux_proc_find_elf(module, user, name, base, file, elf);
    pid_t pid = own->image->pid;
    snprintf(exe, sizeof(exe), "/proc/%d/exe", (int)pid);
    fd = strcmp(name, own->image->program) == 0
             ? open(exe, O_RDONLY | O_CLOEXEC)
             : mapped_open(pid, name, base, 0);
    if (fd != -1) {
        *file = xstrdup(name);
        return fd;
    }
    snprintf(memory, sizeof(memory), "[vdso: %d]", (int)pid);
    return dw.dwfl_linux_proc_find_elf(module, user, memory, base, file, elf);
}

/* Is it a file of a C library? One may be in any directory, and its loader may
 * be the program that was executed. */
static bool c_library(const char *path)
{
    static const char *const names[] = {
        "/libc.so",  "/libc-2.", "/libc.musl-", "/libpthread",
        "/ld-linux", "/ld-2.",   "/ld-musl-"};
    const char *name = strrchr(path, '/');

    for (size_t i = 0; name && i < sizeof(names) / sizeof(names[0]); i++)
        if (strncmp(name, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* Is it in a directory of the system's libraries, or the vDSO? */
static bool system_library(const char *path)
{
    static const char *const starts[] = {"/lib/", "/lib64/", "/usr/lib/",
                                         "/usr/lib64/", "[vdso"};

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (strncmp(path, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

static int add_module(Dwfl_Module *dwfl, void **user, const char *name,
                      Dwarf_Addr base, void *argument)
{
    struct image *image = argument;
    struct module *module = xcalloc(1, sizeof(*module));

    (void)base;
    module->image = image;
    module->dwfl = dwfl;
    image->c_library |= c_library(name);
    module->in_library =
        c_library(name) || (system_library(mapped_inside(image->root, name)) &&
                            strcmp(name, image->program) != 0);
    module->next = image->modules;
    image->modules = module;
    *user = module;
    return DWARF_CB_OK;
}

bool image_open(struct image *image, pid_t pid)
{
    static const Dwfl_Callbacks callbacks = {
        .find_elf = find_elf,
        .find_debuginfo = no_debug_file,
    };
    char link[64];

    *image = (struct image){.pid = pid};
    snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
    /* Left empty where it fails. */
    if (readlink(link, image->program, sizeof(image->program) - 1) == -1)
        image->program[0] = '\0';
    mapped_root(pid, image->root);
    image->dwfl = dw.dwfl_begin(&callbacks);
    if (image->dwfl == NULL ||
        dw.dwfl_linux_proc_report(image->dwfl, pid) != 0 ||
        dw.dwfl_report_end(image->dwfl, NULL, NULL) != 0)
        return false;
    dw.dwfl_getmodules(image->dwfl, add_module, image, 0);
    return true;
}

/* The units of addresses, which are asked for several times: see unit_at().
 * They are those of the image that is open. */
static struct {
    Dwfl_Module *module;
    Dwarf_Addr where, bias;
    Dwarf_Die *unit;
} units[64];

void image_close(struct image *image)
{
    memset(units, 0, sizeof(units));
    while (image->modules != NULL) {
        struct module *module = image->modules;
        image->modules = module->next;
        free(module->symbol);
        free(module);
    }
    if (image->dwfl != NULL)
        dw.dwfl_end(image->dwfl);
}

struct module *module_at(const struct image *image, unsigned long address)
{
    Dwfl_Module *dwfl = dw.dwfl_addrmodule(image->dwfl, address);
    Dwarf_Addr low, high;
    void **user;

    if (dwfl == NULL)
        return NULL;
    dw.dwfl_module_info(dwfl, &user, &low, &high, NULL, NULL, NULL, NULL);
    /* libdwfl may name the module before a gap that the address is in. */
    return address >= low && address < high ? *user : NULL;
}

static const char *path_of(const struct module *module)
{
    const char *path = dw.dwfl_module_info(module->dwfl, NULL, NULL, NULL, NULL,
                                           NULL, NULL, NULL);

    return path ? path : "";
}

bool module_in_libc(const struct module *module)
{
    return c_library(path_of(module));
}

char *module_name(const struct module *module)
{
    const char *path = path_of(module), *slash = strrchr(path, '/');

    return path[0] != '\0' ? xstrdup(slash ? slash + 1 : path) : NULL;
}

/* ---- symbols ---- */

static int by_start(const void *a, const void *b)
{
    const struct symbol *one = a, *other = b;

    return (one->start > other->start) - (one->start < other->start);
}

static void add_symbol(struct module *module, int index)
{
    GElf_Sym symbol;
    GElf_Addr start;
    const char *name = dw.dwfl_module_getsym_info(module->dwfl, index, &symbol,
                                                  &start, NULL, NULL, NULL);
    int type = GELF_ST_TYPE(symbol.st_info);

    if (name == NULL || name[0] == '\0' || symbol.st_size == 0 ||
        symbol.st_shndx == SHN_UNDEF ||
        (type != STT_OBJECT && type != STT_FUNC && type != STT_GNU_IFUNC))
        return;
    module->symbol[module->symbols++] =
        (struct symbol){.name = name,
                        .start = start,
                        .end = start + symbol.st_size,
                        .object = type == STT_OBJECT};
}

/* Reads and sorts the symbols of a module, once: there may be 100,000. */
static void sort_symbols(struct module *module)
{
    int count = dw.dwfl_module_getsymtab(module->dwfl);
    unsigned long reach = 0;

    module->sorted = true;
    if (count <= 0)
        return;
    module->symbol = xcalloc((size_t)count, sizeof(struct symbol));
    for (int i = 1; i < count; i++)
        add_symbol(module, i);
    qsort(module->symbol, module->symbols, sizeof(struct symbol), by_start);
    for (size_t i = 0; i < module->symbols; i++) {
        if (module->symbol[i].end > reach)
            reach = module->symbol[i].end;
        module->symbol[i].reach = reach;
    }
}

/* Of several names for one address, a programmer writes the one without leading
 * underscores; of two such, we take the shorter one. */
static bool better_name(const char *name, const char *than)
{
    if ((name[0] == '_') != (than[0] == '_'))
        return than[0] == '_';
    return strlen(name) < strlen(than);
}

const struct symbol *symbol_at(struct module *module, unsigned long address,
                               bool object)
{
    const struct symbol *best = NULL;

    if (!module->sorted)
        sort_symbols(module);
    size_t low = 0, high = module->symbols;
    while (low < high) { /* to the first symbol after the address */
        size_t middle = low + (high - low) / 2;
        if (module->symbol[middle].start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low > 0 && module->symbol[low - 1].reach > address; low--) {
        const struct symbol *symbol = &module->symbol[low - 1];
        if (best != NULL && symbol->start != best->start)
            break;
        if (symbol->object == object && symbol->end > address &&
            (best == NULL || better_name(symbol->name, best->name)))
            best = symbol;
    }
    return best;
}

/* The program, or the library of an interpreter. */
static bool is_interpreter(const struct module *module)
{
    static const char *const libraries[] = {"/libpython", "/libruby", "/libphp",
                                            "/libjvm"};
    const char *path = path_of(module), *slash = strrchr(path, '/');

    for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
        if (slash != NULL &&
            strncmp(slash, libraries[i], strlen(libraries[i])) == 0)
            return true;
    return strcmp(path, module->image->program) == 0;
}

unsigned long symbol_address(const struct image *image, const char *name)
{
    for (struct module *module = image->modules; module != NULL;
         module = module->next) {
        if (!is_interpreter(module))
            continue;
        if (!module->sorted)
            sort_symbols(module);
        for (size_t i = 0; i < module->symbols; i++)
            if (strcmp(module->symbol[i].name, name) == 0)
                return module->symbol[i].start;
    }
    return 0;
}

/* "__GI_raise" is raise, and a sanitizer's wrapper of read is called
 * "__interceptor_read". */
const char *plain_name(const char *name)
{
    static const char *const before[] = {"GI_", "interceptor_", "trampoline_"};

    if (strncmp(name, "_Z", 2) == 0 || strncmp(name, "_R", 2) == 0)
        return name; /* C++ and Rust: the underscore belongs to it */
    while (*name == '_')
        name++;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        if (strncmp(name, before[i], strlen(before[i])) == 0)
            name += strlen(before[i]);
    while (*name == '_')
        name++;
    return name;
}

/* Only these endings are cut off: names of other languages contain dots. */
size_t name_length(const char *name)
{
    static const char *const added[] = {".part.",      ".isra.", ".constprop.",
                                        ".localalias", ".cold",  ".lto_priv.",
                                        ".llvm.",      "@"};
    size_t length = strlen(name);

    for (size_t i = 0; i < sizeof(added) / sizeof(added[0]); i++) {
        const char *at = strstr(name, added[i]);
        if (at != NULL && (size_t)(at - name) < length)
            length = (size_t)(at - name);
    }
    return length;
}

bool same_function(const char *one, const char *other)
{
    size_t length;

    one = plain_name(one), other = plain_name(other);
    length = name_length(one);
    return length == name_length(other) && strncmp(one, other, length) == 0;
}

/* ---- source ---- */

/* libdw searches the table of address ranges first. Not every compiler writes
 * one (clang does not): then we try all units. A unit found in the table need
 * not contain the address: its ranges may have gaps. */
static Dwarf_Die *search_unit(Dwfl_Module *module, Dwarf_Addr where,
                              Dwarf_Addr *bias)
{
    Dwarf_Die *unit = dw.dwfl_module_addrdie(module, where, bias);

    if (unit != NULL)
        return dw.dwarf_haspc(unit, where - *bias) == 1 ? unit : NULL;
    while ((unit = dw.dwfl_module_nextcu(module, unit, bias)) != NULL)
        if (dw.dwarf_haspc(unit, where - *bias) == 1)
            return unit;
    return NULL;
}

Dwarf_Die *unit_at(Dwfl_Module *module, Dwarf_Addr where, Dwarf_Addr *bias)
{
    size_t i = where / 4 % (sizeof(units) / sizeof(units[0]));

    if (units[i].module != module || units[i].where != where) {
        units[i].unit = search_unit(module, where, &units[i].bias);
        units[i].module = module;
        units[i].where = where;
    }
    *bias = units[i].bias;
    return units[i].unit;
}

bool unit_is_of_go(Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;
    Dwarf_Word language = 0;

    return dw.dwarf_attr(unit, DW_AT_language, &attribute) != NULL &&
           dw.dwarf_formudata(&attribute, &language) == 0 &&
           language == DW_LANG_Go;
}

static Dwarf_Line *line_at(struct module *module, unsigned long where,
                           Dwarf_Die **unit)
{
    Dwarf_Addr bias = 0;

    *unit = unit_at(module->dwfl, where, &bias);
    return *unit ? dw.dwarf_getsrc_die(*unit, where - bias) : NULL;
}

/* "labs/x.c" for "/home/me/forklab/labs/x.c", if it was compiled in the
 * directory /home/me/forklab. */
static char *source_name(Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute attribute;
    const char *directory =
        dw.dwarf_formstring(dw.dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    size_t length = directory ? strlen(directory) : 0;

    if (length > 0 && strncmp(file, directory, length) == 0 &&
        file[length] == '/')
        file += length + 1;
    return xstrdup(strncmp(file, "./", 2) == 0 ? file + 2 : file);
}

bool source_is_foreign(const char *file)
{
    static const char *const starts[] = {"/usr/include/", "/usr/lib/",
                                         "/rustc/", "library/std/",
                                         "library/core/"};

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (strncmp(file, starts[i], strlen(starts[i])) == 0)
            return true;
    return false;
}

/* The file and line of a function that was inlined, where it is called. */
static const char *call_of(Dwarf_Die *scope, Dwarf_Die *unit, int *number)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file = 0, line = 0;
    Dwarf_Files *files;
    size_t count;

    if (dw.dwarf_tag(scope) != DW_TAG_inlined_subroutine ||
        dw.dwarf_formudata(dw.dwarf_attr(scope, DW_AT_call_file, &attribute),
                           &file) != 0 ||
        dw.dwarf_formudata(dw.dwarf_attr(scope, DW_AT_call_line, &attribute),
                           &line) != 0 ||
        dw.dwarf_getsrcfiles(unit, &files, &count) != 0 || file >= count)
        return NULL;
    *number = (int)line;
    return dw.dwarf_filesrc(files, file, NULL, NULL);
}

/* The innermost call of an inlined function in a file that is not foreign.
 * dwarf_getscopes() leads from an inlined function to where that is written, so
 * the rest of the way goes up from its entry. */
static const char *own_call(Dwarf_Die *unit, Dwarf_Addr where, int *number)
{
    Dwarf_Die *scopes = NULL, *around = NULL;
    const char *found = NULL;
    int count = dw.dwarf_getscopes(unit, where, &scopes), inner = 0, line = 0;

    while (inner < count &&
           dw.dwarf_tag(&scopes[inner]) != DW_TAG_inlined_subroutine)
        inner++;
    int all =
        inner < count ? dw.dwarf_getscopes_die(&scopes[inner], &around) : 0;
    for (int i = 0; found == NULL && i < all; i++) {
        found = call_of(&around[i], unit, &line);
        if (found != NULL && source_is_foreign(found))
            found = NULL;
    }
    if (count > 0)
        free(scopes);
    if (all > 0)
        free(around);
    if (found != NULL)
        *number = line;
    return found;
}

char *source_at(struct module *module, unsigned long where, int *number)
{
    Dwarf_Addr bias = 0;
    Dwarf_Die *unit;
    Dwarf_Line *line = line_at(module, where, &unit);
    const char *file = line ? dw.dwarf_linesrc(line, NULL, NULL) : NULL;

    if (file == NULL)
        return NULL;
    dw.dwarf_lineno(line, number);
    unit_at(module->dwfl, where, &bias);
    const char *own = source_is_foreign(file) && !unit_is_of_go(unit)
                          ? own_call(unit, where - bias, number)
                          : NULL;
    return source_name(unit, own ? own : file);
}

/* ".../glibc-2.31/nptl", ".../musl-1.2.3": a source tree of a C library. */
static bool in_source_tree(const char *directory)
{
    for (const char *at = directory; at != NULL; at = strchr(at, '/')) {
        at += *at == '/';
        size_t length = strcspn(at, "/-");
        bool named = (length == 5 && strncmp(at, "glibc", 5) == 0) ||
                     (length == 4 && strncmp(at, "musl", 4) == 0);
        if (named && (at[length] != '-' ||
                      (at[length + 1] >= '0' && at[length + 1] <= '9')))
            return true;
    }
    return false;
}

/* Is this code of a C library? Its debug information names the directory of its
 * source, or, where a distribution has removed that, options of gcc that only C
 * libraries are compiled with. */
static bool of_c_library(Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;
    const char *directory =
        dw.dwarf_formstring(dw.dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    const char *options =
        dw.dwarf_formstring(dw.dwarf_attr(unit, DW_AT_producer, &attribute));

    return in_source_tree(directory) ||
           (options != NULL && strstr(options, "-frounding-math") != NULL &&
            (strstr(options, "-fmerge-all-constants") != NULL ||
             strstr(options, "-ffreestanding") != NULL));
}

/* A static program has the C library's code in the same file. There it has no
 * line numbers where the program's own code has some, or of_c_library(). */
bool is_program(struct module *module, unsigned long where)
{
    Dwarf_Addr bias;
    Dwarf_Die *unit;

    if (module == NULL || module->in_library)
        return false;
    return dw.dwfl_module_getdwarf(module->dwfl, &bias) == NULL ||
           (line_at(module, where, &unit) != NULL &&
            (module->image->c_library || !of_c_library(unit)));
}

bool program_at(const struct image *image, unsigned long where)
{
    return is_program(module_at(image, where), where);
}
