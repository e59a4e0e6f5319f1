/* SPDX-License-Identifier: MIT
 *
 * variables: see variables.h.
 */
#define _GNU_SOURCE
#include "autopsy/variables.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "autopsy/demangle.h"
#include "base/memory.h"
#include "linux/remote.h"

/* ---- types ---- */

/* Is this the type of a lock, as a program declares it? What is inside of it is
 * not for the path of its name. */
static bool lock_type(const char *name)
{
    static const char *const types[] = {"pthread_mutex_t",
                                        "pthread_cond_t",
                                        "pthread_rwlock_t",
                                        "pthread_barrier_t",
                                        "pthread_once_t",
                                        "sem_t",
                                        "mtx_t",
                                        "cnd_t",
                                        "once_flag"};

    for (size_t i = 0; name != NULL && i < sizeof(types) / sizeof(types[0]);
         i++)
        if (strcmp(name, types[i]) == 0)
            return true;
    return false;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;

    return dw.dwarf_attr_integrate(die, DW_AT_type, &attribute) != NULL &&
           dw.dwarf_formref_die(&attribute, type) != NULL;
}

/* Finds the member of a struct or union that the offset is in, and makes the
 * offset relative to it. */
static bool member_at(Dwarf_Die *type, Dwarf_Word *offset, Dwarf_Die *member)
{
    if (dw.dwarf_child(type, member) != 0)
        return false;
    do {
        Dwarf_Attribute attribute;
        Dwarf_Word start = 0, size = 0;
        Dwarf_Die member_type;
        if (dw.dwarf_tag(member) != DW_TAG_member ||
            !type_of(member, &member_type))
            continue;
        if (dw.dwarf_attr(member, DW_AT_data_member_location, &attribute) !=
            NULL)
            dw.dwarf_formudata(&attribute, &start);
        if (dw.dwarf_aggregate_size(&member_type, &size) == 0 &&
            *offset >= start && *offset < start + size) {
            *offset -= start;
            return true;
        }
    } while (dw.dwarf_siblingof(member, member) == 0);
    return false;
}

/* One step from a type to what is at the offset in it: a member, an element,
 * the type that a typedef names. Adds to the path. False if there is no such
 * step.
 */
static bool step_down(Dwarf_Die *type, Dwarf_Word *offset, char *path,
                      size_t size)
{
    size_t used = strlen(path);
    Dwarf_Word element;
    Dwarf_Die inner;

    switch (dw.dwarf_tag(type)) {
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
        if (!member_at(type, offset, &inner))
            return false;
        if (dw.dwarf_diename(&inner) != NULL)
            snprintf(path + used, size - used, ".%s", dw.dwarf_diename(&inner));
        return type_of(&inner, type);
    case DW_TAG_array_type:
        if (!type_of(type, &inner) ||
            dw.dwarf_aggregate_size(&inner, &element) != 0 || element == 0)
            return false;
        snprintf(path + used, size - used, "[%lu]",
                 (unsigned long)(*offset / element));
        *offset %= element;
        *type = inner;
        return true;
    case DW_TAG_pointer_type:
        return false;
    default:
        inner = *type;
        return type_of(&inner, type);
    }
}

/* Goes from a variable's type down to what is at the offset, and appends the
 * path to it: ".lock", "[2]". Returns the name of the lock's type, or NULL if
 * there is no lock. */
static const char *descend(Dwarf_Die type, Dwarf_Word offset, char *path,
                           size_t size)
{
    for (int depth = 0; depth < 24; depth++) {
        if (lock_type(dw.dwarf_diename(&type)))
            return dw.dwarf_diename(&type);
        if (!step_down(&type, &offset, path, size))
            break;
    }
    return NULL;
}

/* ---- variables ---- */

/* A search for the variable that an address belongs to. */
struct search {
    const struct image *image;
    const struct place *seen; /* all frames that may hold it */
    size_t seen_count;
    unsigned long address;
    const struct place *frame; /* whose variables to try; NULL: globals */
    Dwarf_Addr bias;           /* of the module's addresses */
    unsigned long base;        /* of the frame's variables; 0 if unknown */
    struct pointers *pointers; /* they are collected there; NULL: a variable
                                  at the address is searched for */
    char *name;                /* the answer */
    const char *type;
};

/* The address that the offsets of the frame's variables are relative to: with
 * gcc the canonical frame address, with clang RBP, two words below it. 0 if
 * unknown. */
static unsigned long frame_base(const struct search *search,
                                Dwarf_Die *function)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *op;
    size_t count;

    if (dw.dwarf_attr_integrate(function, DW_AT_frame_base, &attribute) ==
            NULL ||
        dw.dwarf_getlocation(&attribute, &op, &count) != 0 || count != 1)
        return 0;
    if (op->atom == DW_OP_call_frame_cfa)
        return search->frame->sp;
    return op->atom == DW_OP_reg0 + REGISTER_FP
               ? search->frame->sp - 2 * sizeof(unsigned long)
               : 0;
}

/* Finds the address of a variable: a global one, or one in the frame. */
static bool locate(const struct search *search, Dwarf_Die *variable,
                   unsigned long *address)
{
    Dwarf_Attribute attribute, indirect;
    Dwarf_Addr where = search->frame ? search->frame->where - search->bias : 0;
    Dwarf_Op *op;
    Dwarf_Addr global;
    size_t count;

    if (dw.dwarf_attr(variable, DW_AT_location, &attribute) == NULL ||
        dw.dwarf_getlocation_addr(&attribute, where, &op, &count, 1) != 1 ||
        count != 1)
        return false;
    if (op->atom == DW_OP_fbreg) {
        *address = search->base + op->number;
        return search->base != 0;
    }
    if (search->frame != NULL)
        return false;
    if (op->atom == DW_OP_addr)
        global = op->number;
    else if (op->atom != DW_OP_addrx ||
             dw.dwarf_getlocation_attr(&attribute, op, &indirect) != 0 ||
             dw.dwarf_formaddr(&indirect, &global) != 0)
        return false;
    *address = global + search->bias;
    return true;
}

/* Removes typedef, const ... from a type. */
static void peel(Dwarf_Die *type)
{
    Dwarf_Die inner;

    if (dw.dwarf_peel_type(type, &inner) == 0)
        *type = inner;
}

struct pointer {
    const char *name; /* of libdw */
    Dwarf_Die target;
    Dwarf_Word size;     /* of one element */
    unsigned long value; /* where it points to */
    unsigned long count; /* so many elements there may be */
};

void pointers_free(struct pointers *pointers)
{
    free(pointers->item);
    *pointers = (struct pointers){0};
}

/* How many elements are there, where a pointer to a first one leads? What
 * malloc(3) of glibc gives has its size in the word before, flags in the low
 * bits; the size of an array of C++ may be between the two. What mmap(2) gives
 * begins a page. Elsewhere one: a pointer to a struct is not an array. */
static unsigned long elements_at(pid_t pid, unsigned long at, Dwarf_Word size)
{
    unsigned long word[2];

    if (at % 4096 == 0)
        return 1024;
    if (!remote_read(pid, at - sizeof(word), word, sizeof(word)))
        return 1;
    unsigned long chunk = word[1] & ~7UL, outer = word[0] & ~7UL;
    if (at % 16 == 0 && chunk >= 32 && chunk % 16 == 0 && chunk < 1UL << 40)
        return (chunk - sizeof(word[0])) / size;
    if (at % 16 == 8 && outer >= 32 && outer % 16 == 0 &&
        word[1] <= (outer - sizeof(word)) / size)
        return word[1];
    return 1;
}

static void collect_pointer(const struct search *search, const char *name,
                            Dwarf_Die type, unsigned long at)
{
    struct pointers *to = search->pointers;
    struct pointer pointer = {.name = name};

    peel(&type);
    if (dw.dwarf_tag(&type) != DW_TAG_pointer_type ||
        !type_of(&type, &pointer.target) ||
        dw.dwarf_aggregate_size(&pointer.target, &pointer.size) != 0 ||
        pointer.size == 0 ||
        !remote_read(search->image->pid, at, &pointer.value,
                     sizeof(pointer.value)) ||
        pointer.value == 0)
        return;
    pointer.count =
        elements_at(search->image->pid, pointer.value, pointer.size);
    GROW(to->item, to->count);
    to->item[to->count++] = pointer;
}

/* Is it a pointer to the lock, or to the struct or array that the lock is in?
 * Only locks are named this way: some pointer always leads near an address. */
static void try_pointer(struct search *search, const struct pointer *pointer)
{
    unsigned long beyond = search->address - pointer->value;
    unsigned long index = beyond / pointer->size;
    char path[256] = "";

    if (pointer->value > search->address ||
        (index > 0 && index >= pointer->count))
        return;
    search->type =
        descend(pointer->target, beyond % pointer->size, path, sizeof(path));
    if (search->type == NULL)
        return;
    if (index > 0)
        search->name = xasprintf("%s[%lu]%s", pointer->name, index, path);
    else if (path[0] == '.')
        search->name = xasprintf("%s->%s", pointer->name, path + 1);
    else
        search->name = xasprintf("*%s", pointer->name);
}

static void try_variable(struct search *search, Dwarf_Die *variable)
{
    const char *name = dw.dwarf_diename(variable);
    char path[256] = "";
    unsigned long at;
    Dwarf_Word size;
    Dwarf_Die type;

    if (name == NULL || !type_of(variable, &type) ||
        !locate(search, variable, &at))
        return;
    if (search->pointers != NULL) {
        collect_pointer(search, name, type, at);
        return;
    }
    if (dw.dwarf_aggregate_size(&type, &size) != 0 || search->address < at ||
        search->address >= at + size)
        return;
    search->type = descend(type, search->address - at, path, sizeof(path));
    search->name = xasprintf("%s%s", name, path);
}

/* Tries all variables below a debug entry, but of functions and blocks only
 * those that the frame is in. */
static void try_below(struct search *search, Dwarf_Die *parent)
{
    Dwarf_Die die;

    if (dw.dwarf_child(parent, &die) != 0)
        return;
    do {
        switch (dw.dwarf_tag(&die)) {
        case DW_TAG_variable:
        case DW_TAG_formal_parameter:
            try_variable(search, &die);
            break;
        case DW_TAG_subprogram:
        case DW_TAG_lexical_block:
        case DW_TAG_inlined_subroutine:
            /* For a pointer that is static in a function, all of them would be
             * read: in an interpreter that is most of the time. */
            if (search->frame == NULL && search->pointers != NULL)
                break;
            if (search->frame != NULL &&
                dw.dwarf_haspc(&die, search->frame->where - search->bias) != 1)
                break;
            if (search->frame != NULL &&
                dw.dwarf_tag(&die) == DW_TAG_subprogram)
                search->base = frame_base(search, &die);
            try_below(search, &die);
            break;
        default:
            break;
        }
    } while (search->name == NULL && dw.dwarf_siblingof(&die, &die) == 0);
}

static void try_globals(struct search *search, Dwfl_Module *module)
{
    Dwarf_Die *unit = NULL;

    search->frame = NULL;
    while (search->name == NULL &&
           (unit = dw.dwfl_module_nextcu(module, unit, &search->bias)) != NULL)
        if (!unit_is_of_go(unit)) /* none of the types above */
            try_below(search, unit);
}

/* May a global variable be there? Each has a symbol, unless they were stripped.
 */
static bool may_be_global(struct module *module, unsigned long address)
{
    return symbol_at(module, address, true) != NULL || module->symbols == 0;
}

/* What is passed on the stack lies above the frame: so far at most. */
#define PASSED 1024

/* May the address be in this frame? A frame lies between its canonical frame
 * address and that of the function that it has called, the place before it. (Of
 * the first of a thread, the place before is on another stack.) */
static bool in_frame(const struct search *search, size_t i)
{
    unsigned long top = search->seen[i].sp, address = search->address;
    unsigned long below = i > 0 ? search->seen[i - 1].sp : 0;

    return address < top + PASSED && (below >= top || address >= below);
}

static void try_frame(struct search *search, size_t i)
{
    const struct place *place = &search->seen[i];
    struct module *module = module_at(search->image, place->where);
    Dwarf_Die *unit = module && !module->in_library
                          ? unit_at(module->dwfl, place->where, &search->bias)
                          : NULL;

    search->frame = place;
    search->base = 0;
    if (unit != NULL && !unit_is_of_go(unit))
        try_below(search, unit);
}

/* Tries the local variables of the frames, in the order of their unwinding. */
static void try_frames(struct search *search)
{
    for (size_t i = 0; i < search->seen_count && search->name == NULL; i++)
        if (in_frame(search, i))
            try_frame(search, i);
}

/* Adds the pointers that were not there yet. */
static void collect(struct search *search, struct pointers *pointers)
{
    search->pointers = pointers;
    if (!pointers->globals)
        for (struct module *module = search->image->modules; module != NULL;
             module = module->next)
            if (!module->in_library)
                try_globals(search, module->dwfl);
    pointers->globals = true;
    for (; pointers->seen_count < search->seen_count; pointers->seen_count++)
        try_frame(search, pointers->seen_count);
    search->pointers = NULL;
}

/* Memory from malloc(3) or mmap(2) is no variable, but one may point to it. */
static void try_pointers(struct search *search, struct pointers *pointers)
{
    collect(search, pointers);
    for (size_t i = 0; i < pointers->count && search->name == NULL; i++)
        try_pointer(search, &pointers->item[i]);
}

/* The name without debug information: "pool+8". */
static char *symbol_name(struct module *module, unsigned long address)
{
    const struct symbol *symbol = symbol_at(module, address, true);

    if (symbol == NULL)
        return NULL;
    char *name = demangle(symbol->name);
    if (address == symbol->start)
        return name;
    char *part = xasprintf("%s+%lu", name, address - symbol->start);
    free(name);
    return part;
}

char *variable_at(const struct image *image, struct pointers *pointers,
                  const struct place *seen, size_t seen_count,
                  unsigned long address, char **type)
{
    struct search search = {.image = image,
                            .seen = seen,
                            .seen_count = seen_count,
                            .address = address};
    struct module *module = module_at(image, address);

    *type = NULL;
    if (module != NULL && module->in_library)
        return NULL;
    /* For libdw, a part of .bss is in no module: try each. */
    for (module = image->modules; module != NULL && search.name == NULL;
         module = module->next) {
        if (!module->in_library && may_be_global(module, address))
            try_globals(&search, module->dwfl);
        if (!module->in_library && search.name == NULL)
            search.name = symbol_name(module, address);
    }
    if (search.name == NULL)
        try_frames(&search);
    if (search.name == NULL)
        try_pointers(&search, pointers);
    *type = search.type ? xstrdup(search.type) : NULL;
    return search.name;
}
