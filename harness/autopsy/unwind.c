/* SPDX-License-Identifier: MIT
 *
 * unwind: see unwind.h. elfutils' libdwfl(3) does the unwinding; what it asks
 * for is answered from outside: registers from /proc/TID/syscall, memory by
 * process_vm_readv(2).
 *
 * Unwinding yields bare addresses first; only the stack that is taken in the
 * end gets its names. What /proc does not tell, the frame pointer, is guessed
 * and checked against the call instructions of the program.
 */
#define _GNU_SOURCE
#include "autopsy/unwind.h"

#include <dwarf.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "autopsy/dw.h"
#include "linux/mapped.h"
#include "linux/remote.h"

#define MOST_FRAMES 64
#define WORD sizeof(unsigned long)

/* Registers by their DWARF numbers. Others are unknown, and rarely needed. */
#if defined(__aarch64__)
enum { REGISTER_FP = 29, REGISTER_SP = 31 };
#else
enum { REGISTER_FP = 6, REGISTER_SP = 7 };
#endif

struct symbol {
    const char *name;
    unsigned long start, end;
    unsigned long reach; /* the largest end so far, in order of start */
    bool object;         /* a variable, not a function */
};

/* What we know of one file that the process has mapped. */
struct module {
    struct module *next;
    const struct stack *stack;
    Dwfl_Module *dwfl;
    bool in_library; /* not the program's own */
    bool sorted;     /* symbols have been read */
    struct symbol *symbol;
    size_t symbols;
};

/* A place on a stack. */
struct place {
    unsigned long where; /* in the instruction: a return address minus one */
    unsigned long pc;    /* the program counter itself */
    unsigned long sp;    /* stack pointer there; 0 if unknown */
};

struct trace {
    struct place place[MOST_FRAMES];
    size_t count;
    bool reached; /* the place where threads begin: it is all of it */
};

/* Where an unwinding starts. A frame pointer of 0 is unknown. */
struct start {
    unsigned long pc, sp, fp;
    bool resumed; /* pc is a return address */
};

struct stack {
    Dwfl *dwfl;
    pid_t pid, tid;
    char program[PATH_MAX];
    char root[PATH_MAX]; /* of mapped_root() */
    bool c_library;      /* it has one that is no part of the program */
    struct module *modules;
    struct start start; /* for libdwfl's questions */
    struct trace trace; /* what it has found */
    /* All frames unwound so far, for their local variables: where, and the
     * stack pointer of the caller ("canonical frame address"). */
    struct place *seen;
    size_t seen_count;
};

/* ---- modules ---- */

/* Separate debug files are never looked for: they only explain the inside of
 * libraries, and cost 60 ms. */
static int no_debug_file(Dwfl_Module *module, void **user, const char *name,
                         Dwarf_Addr base, const char *file, const char *link,
                         GElf_Word crc, char **found)
{
    (void)module, (void)user, (void)name, (void)base;
    (void)file, (void)link, (void)crc, (void)found;
    return -1;
}

/* The file that the process has mapped: ours may have another one of that name
 * or none. A program that was deleted, or replaced by make(1), is still to be
 * had as /proc/PID/exe. Of another deleted file its memory tells, which libdwfl
 * reads as it does for the kernel's own library. */
static int find_elf(Dwfl_Module *module, void **user, const char *name,
                    Dwarf_Addr base, char **file, Elf **elf)
{
    const struct module *own = *user;
    char exe[64], memory[64];
    int fd;

    if (own == NULL || name[0] != '/')
        return dw.dwfl_linux_proc_find_elf(module, user, name, base, file, elf);
    pid_t pid = own->stack->pid;
    snprintf(exe, sizeof(exe), "/proc/%d/exe", (int)pid);
    fd = strcmp(name, own->stack->program) == 0
             ? open(exe, O_RDONLY | O_CLOEXEC)
             : mapped_open(pid, name, base, 0);
    if (fd != -1) {
        *file = xstrdup(name);
        return fd;
    }
    snprintf(memory, sizeof(memory), "[vdso: %d]", (int)pid);
    return dw.dwfl_linux_proc_find_elf(module, user, memory, base, file, elf);
}

/* A C library may lie anywhere, and its loader may be what was executed. */
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

static bool system_library(const char *path)
{
    static const char *const folders[] = {"/lib/", "/lib64/", "/usr/lib/",
                                          "/usr/lib64/", "[vdso"};

    for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            return true;
    return false;
}

static int add_module(Dwfl_Module *dwfl, void **user, const char *name,
                      Dwarf_Addr base, void *argument)
{
    struct stack *stack = argument;
    struct module *module = xcalloc(1, sizeof(*module));

    (void)base;
    module->stack = stack;
    module->dwfl = dwfl;
    stack->c_library |= c_library(name);
    module->in_library =
        c_library(name) || (system_library(mapped_inside(stack->root, name)) &&
                            strcmp(name, stack->program) != 0);
    module->next = stack->modules;
    stack->modules = module;
    *user = module;
    return DWARF_CB_OK;
}

void stack_prepare(void)
{
    dw_load();
}

struct stack *stack_open(pid_t pid)
{
    static const Dwfl_Callbacks callbacks = {
        .find_elf = find_elf,
        .find_debuginfo = no_debug_file,
    };
    char link[64];

    if (!dw_load())
        return NULL;
    struct stack *stack = xcalloc(1, sizeof(*stack));
    stack->pid = pid;
    snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
    /* Left empty where it fails. */
    if (readlink(link, stack->program, sizeof(stack->program) - 1) == -1)
        stack->program[0] = '\0';
    mapped_root(pid, stack->root);
    stack->dwfl = dw.dwfl_begin(&callbacks);
    if (stack->dwfl != NULL &&
        dw.dwfl_linux_proc_report(stack->dwfl, pid) == 0 &&
        dw.dwfl_report_end(stack->dwfl, NULL, NULL) == 0) {
        dw.dwfl_getmodules(stack->dwfl, add_module, stack, 0);
        return stack;
    }
    stack_close(stack);
    return NULL;
}

void stack_close(struct stack *stack)
{
    while (stack->modules != NULL) {
        struct module *module = stack->modules;
        stack->modules = module->next;
        free(module->symbol);
        free(module);
    }
    if (stack->dwfl != NULL)
        dw.dwfl_end(stack->dwfl);
    free(stack->seen);
    free(stack);
}

static struct module *module_at(const struct stack *stack,
                                unsigned long address)
{
    Dwfl_Module *dwfl = dw.dwfl_addrmodule(stack->dwfl, address);
    Dwarf_Addr low, high;
    void **user;

    if (dwfl == NULL)
        return NULL;
    dw.dwfl_module_info(dwfl, &user, &low, &high, NULL, NULL, NULL, NULL);
    /* libdwfl may name the module before a gap that the address is in. */
    return address >= low && address < high ? *user : NULL;
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

/* Once for each module: a program may have 100,000 symbols. */
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

/* Of several names for one place the one that a programmer writes: without
 * leading underscores, then the shortest. */
static bool better_name(const char *name, const char *than)
{
    if ((name[0] == '_') != (than[0] == '_'))
        return than[0] == '_';
    return strlen(name) < strlen(than);
}

/* The best symbol whose extent holds the address, or NULL. */
static const struct symbol *symbol_at(struct module *module,
                                      unsigned long address, bool object)
{
    const struct symbol *best = NULL;

    if (!module->sorted)
        sort_symbols(module);
    size_t low = 0, high = module->symbols;
    while (low < high) { /* to the first symbol behind the address */
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

/* "___pthread_mutex_lock" is pthread_mutex_lock, "__GI_raise" is raise, and
 * what a sanitizer puts before read is "__interceptor_read". */
static const char *plain_name(const char *name)
{
    static const char *const before[] = {"GI_", "interceptor_", "trampoline_"};

    while (*name == '_')
        name++;
    for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++)
        if (strncmp(name, before[i], strlen(before[i])) == 0)
            name += strlen(before[i]);
    while (*name == '_')
        name++;
    return name;
}

/* The length of a name without what a compiler has added, "read.part.0", and
 * without its version, "pthread_cond_wait@@GLIBC_2.3.2". Names of other
 * languages have dots of their own. */
static size_t name_length(const char *name)
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

/* Do both names mean one function? */
static bool same_function(const char *one, const char *other)
{
    size_t length;

    one = plain_name(one), other = plain_name(other);
    length = name_length(one);
    return length == name_length(other) && strncmp(one, other, length) == 0;
}

/* ---- source ---- */

/* The compilation unit of an address. Not every compiler writes the table of
 * address ranges that libdw looks into first (clang does not): then all units
 * are asked. And that table has no ends: code of others may lie between. */
static Dwarf_Die *unit_at(Dwfl_Module *module, Dwarf_Addr where,
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

static Dwarf_Line *line_at(struct module *module, unsigned long where,
                           Dwarf_Die **unit)
{
    Dwarf_Addr bias = 0;

    *unit = unit_at(module->dwfl, where, &bias);
    return *unit ? dw.dwarf_getsrc_die(*unit, where - bias) : NULL;
}

/* "labs/x.c" for "/home/me/forklab/labs/x.c" that was compiled in
 * /home/me/forklab. */
static char *source_name(Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute attribute;
    const char *folder =
        dw.dwarf_formstring(dw.dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    size_t length = folder ? strlen(folder) : 0;

    if (length > 0 && strncmp(file, folder, length) == 0 && file[length] == '/')
        file += length + 1;
    return xstrdup(strncmp(file, "./", 2) == 0 ? file + 2 : file);
}

/* ".../glibc-2.31/nptl", ".../musl-1.2.3": a source tree of a C library. */
static bool in_source_tree(const char *folder)
{
    for (const char *at = folder; at != NULL; at = strchr(at, '/')) {
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

/* Is this code of a C library? The folder may have been taken out of its debug
 * information; gcc's options are in it, and nobody else has these. */
static bool of_c_library(Dwarf_Die *unit)
{
    Dwarf_Attribute attribute;
    const char *folder =
        dw.dwarf_formstring(dw.dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    const char *options =
        dw.dwarf_formstring(dw.dwarf_attr(unit, DW_AT_producer, &attribute));

    return in_source_tree(folder) ||
           (options != NULL && strstr(options, "-frounding-math") != NULL &&
            (strstr(options, "-fmerge-all-constants") != NULL ||
             strstr(options, "-ffreestanding") != NULL));
}

/* In a static program libc's code is in the same file: it has no line numbers
 * where the program's own code has some, or was compiled elsewhere. */
static bool is_program(struct module *module, unsigned long where)
{
    Dwarf_Addr bias;
    Dwarf_Die *unit;

    if (module == NULL || module->in_library)
        return false;
    return dw.dwfl_module_getdwarf(module->dwfl, &bias) == NULL ||
           (line_at(module, where, &unit) != NULL &&
            (module->stack->c_library || !of_c_library(unit)));
}

static bool program_at(const struct stack *stack, unsigned long where)
{
    return is_program(module_at(stack, where), where);
}

static struct frame name_frame(const struct stack *stack,
                               const struct place *place)
{
    struct frame frame = {0};
    struct module *module = module_at(stack, place->where);
    const struct symbol *symbol;
    Dwarf_Die *unit;
    Dwarf_Line *line;
    const char *file;

    if (module == NULL)
        return frame;
    symbol = symbol_at(module, place->where, false);
    frame.function =
        symbol ? xasprintf("%.*s", (int)name_length(symbol->name), symbol->name)
               : NULL;
    frame.in_program = is_program(module, place->where);
    line = frame.in_program ? line_at(module, place->where, &unit) : NULL;
    file = line ? dw.dwarf_linesrc(line, NULL, NULL) : NULL;
    if (file != NULL) {
        dw.dwarf_lineno(line, &frame.line);
        frame.file = source_name(unit, file);
    }
    return frame;
}

void frames_free(struct frame *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(frames[i].function);
        free(frames[i].file);
    }
    free(frames);
}

/* ---- unwinding ---- */

static pid_t only_thread(Dwfl *dwfl, void *argument, void **thread)
{
    struct stack *stack = argument;

    (void)dwfl;
    if (*thread != NULL)
        return 0;
    *thread = stack;
    return stack->tid;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word,
                      void *argument)
{
    const struct stack *stack = argument;
    unsigned long value;

    (void)dwfl;
    if (!remote_read(stack->pid, address, &value, sizeof(value)))
        return false;
    *word = value;
    return true;
}

static bool set_registers(Dwfl_Thread *thread, void *argument)
{
    const struct start *start = &((const struct stack *)argument)->start;
    Dwarf_Word sp = start->sp, fp = start->fp;

    dw.dwfl_thread_state_register_pc(thread, start->pc);
    return dw.dwfl_thread_state_registers(thread, REGISTER_SP, 1, &sp) &&
           (fp == 0 ||
            dw.dwfl_thread_state_registers(thread, REGISTER_FP, 1, &fp));
}

static const Dwfl_Thread_Callbacks thread_callbacks = {
    .next_thread = only_thread,
    .memory_read = read_word,
    .set_initial_registers = set_registers,
};

static unsigned long stack_pointer(Dwfl_Frame *state)
{
    Dwarf_Word sp = 0;

#if _ELFUTILS_PREREQ(0, 188)
    if (dw.dwfl_frame_reg(state, REGISTER_SP, &sp) != 0)
        sp = 0;
#else
    (void)state;
#endif
    return sp;
}

static int on_frame(Dwfl_Frame *state, void *argument)
{
    struct stack *stack = argument;
    struct trace *trace = &stack->trace;
    Dwarf_Addr pc;
    bool exact;

    if (trace->count == MOST_FRAMES || !dw.dwfl_frame_pc(state, &pc, &exact) ||
        pc == 0)
        return DWARF_CB_ABORT;
    if (trace->count == 0 && stack->start.resumed)
        exact = false;
    trace->place[trace->count++] = (struct place){
        .where = exact ? pc : pc - 1, .pc = pc, .sp = stack_pointer(state)};
    return DWARF_CB_OK;
}

/* The innermost place in the program's own code; count if there is none. */
static size_t program_place(const struct stack *stack,
                            const struct trace *trace)
{
    size_t i = 0;

    while (i < trace->count && !program_at(stack, trace->place[i].where))
        i++;
    return i;
}

/* Is this the first code of a program (_start)? Its name may be stripped. */
static bool is_entry(const struct module *module, unsigned long where)
{
    GElf_Addr bias;
    GElf_Ehdr header;
    Elf *elf = dw.dwfl_module_getelf(module->dwfl, &bias);

    return elf != NULL && gelf_getehdr(elf, &header) != NULL &&
           where - (header.e_entry + bias) < 64;
}

/* Is this the code that threads begin with (_start, clone3)? It says itself
 * that it has no caller: its unwind information calls the return address
 * undefined. */
static bool is_outermost(const struct module *module, unsigned long where)
{
    Dwarf_Addr bias;
    Dwarf_CFI *cfi = dw.dwfl_module_eh_cfi(module->dwfl, &bias);
    Dwarf_Frame *frame;
    Dwarf_Op room[3], *ops;
    size_t count;

    if (cfi == NULL || dw.dwarf_cfi_addrframe(cfi, where - bias, &frame) != 0)
        return false;
    int caller = dw.dwarf_frame_info(frame, NULL, NULL, NULL);
    bool undefined =
        caller >= 0 &&
        dw.dwarf_frame_register(frame, caller, room, &ops, &count) == 0 &&
        ops == room && count == 0;
    free(frame);
    return undefined;
}

/* Did an unwinding come to where threads begin? One that lacks the frame
 * pointer ends like one that is complete, but in the middle of the program or
 * of a library. Where a C library cannot be unwound (musl), its frame that
 * called the program is far enough. */
static bool reaches_start(const struct stack *stack, bool ended)
{
    const struct trace *trace = &stack->trace;

    if (trace->count == 0)
        return false;
    unsigned long last = trace->place[trace->count - 1].where;
    struct module *module = module_at(stack, last);
    if (module == NULL)
        return false;
    if (!is_program(module, last))
        return is_outermost(module, last) ||
               program_place(stack, trace) < trace->count;
    const struct symbol *symbol = symbol_at(module, last, false);
    return (ended && is_entry(module, last)) ||
           (symbol != NULL && strcmp(symbol->name, "main") == 0);
}

static void unwind(struct stack *stack, struct start start)
{
    stack->start = start;
    stack->trace.count = 0;
    int end =
        dw.dwfl_getthread_frames(stack->dwfl, stack->tid, on_frame, stack);
    stack->trace.reached =
        stack->trace.count == MOST_FRAMES || reaches_start(stack, end == 0);
}

/* ---- calls, as machine code ---- */

#if defined(__x86_64__)
/* Where a jump through memory leads: FF 25 or FF 15, relative to RIP. */
static unsigned long through_slot(const struct stack *stack, unsigned long next,
                                  const unsigned char *code)
{
    unsigned long target = 0;
    int offset;

    memcpy(&offset, code + 2, sizeof(offset));
    remote_read(stack->pid, next + (unsigned long)(long)offset, &target,
                sizeof(target));
    return target;
}

/* A call into a library goes through a stub: [endbr64] [bnd] jmp *slot. */
static unsigned long behind_stub(const struct stack *stack,
                                 unsigned long address)
{
    unsigned char code[12];
    size_t at = 0;

    if (!remote_read(stack->pid, address, code, sizeof(code)))
        return address;
    if (memcmp(code, "\xf3\x0f\x1e\xfa", 4) == 0)
        at = 4;
    if (code[at] == 0xf2)
        at++;
    return code[at] == 0xff && code[at + 1] == 0x25
               ? through_slot(stack, address + at + 6, code + at)
               : address;
}

/* How many bytes a call FF /2 with this second byte has; 0: it is no call. */
static size_t call_length(unsigned char second)
{
    unsigned mode = second >> 6, base = second & 7;
    size_t extra = mode != 3 && base == 4; /* one more byte says the address */

    if ((second & 0x38) != 0x10)
        return 0;
    if (mode == 0 && base == 5)
        return 6;
    return 2 + extra + (mode == 1 ? 1 : mode == 2 ? 4 : 0);
}

/* Is this the address behind a call? *target gets the function that is called,
 * or 0 where a register says which. A near call is E8 and four bytes, or FF /2
 * with 2 to 7 bytes in all. */
static bool behind_call(const struct stack *stack, unsigned long address,
                        unsigned long *target)
{
    unsigned char code[7];
    int offset;

    *target = 0;
    if (!remote_read(stack->pid, address - sizeof(code), code, sizeof(code)))
        return false;
    if (code[1] == 0xff && code[2] == 0x15) {
        *target = through_slot(stack, address, code + 1);
        return true;
    }
    if (code[2] == 0xe8) {
        memcpy(&offset, code + 3, sizeof(offset));
        *target = behind_stub(stack, address + (unsigned long)(long)offset);
        if (module_at(stack, *target) != NULL)
            return true;
        *target = 0;
    }
    for (size_t i = 0; i < 6; i++)
        if (code[i] == 0xff && call_length(code[i + 1]) == sizeof(code) - i)
            return true;
    return false;
}
#else
/* Other machines: any address in a module may be one. */
static bool behind_call(const struct stack *stack, unsigned long address,
                        unsigned long *target)
{
    *target = 0;
    return module_at(stack, address) != NULL;
}
#endif

/* ---- guessing what /proc does not tell ---- */

#define SCANNED 8192L /* words of the stack: a frame may hold large arrays */
#define MOST_GUESSES 24

/* Copies the stack above SP, as far as it goes. Returns how many words. */
static size_t read_stack(const struct stack *stack, unsigned long sp,
                         unsigned long *words)
{
    const size_t page = 4096;
    size_t done = 0;

    while (done < SCANNED * WORD) {
        size_t size = page - (sp + done) % page;
        if (size > SCANNED * WORD - done)
            size = SCANNED * WORD - done;
        if (!remote_read(stack->pid, sp + done, (char *)words + done, size))
            break;
        done += size;
    }
    return done / WORD;
}

/* Does the function at `target` have this name, too? It has jumped to a part of
 * itself, then. */
static bool jumps_to(const struct stack *stack, unsigned long target,
                     const char *name)
{
    struct module *module = module_at(stack, target);
    const struct symbol *symbol =
        module ? symbol_at(module, target, false) : NULL;

    return symbol != NULL && same_function(symbol->name, name);
}

/* Could the call before this return address be the one that called the function
 * at `where`? */
static bool calls(const struct stack *stack, unsigned long return_address,
                  unsigned long where)
{
    unsigned long target;
    struct module *module = module_at(stack, return_address);

    if (module == NULL || !behind_call(stack, return_address, &target))
        return false;
    if (target == 0)
        return true;
    module = module_at(stack, where);
    const struct symbol *symbol = symbol_at(module, where, false);
    return symbol ? symbol->start == target ||
                        jumps_to(stack, target, symbol->name)
                  : target <= where && where - target < 0x10000;
}

/* Where the frame of this place ends, by its unwind information: at a register,
 * by its DWARF number, plus an offset. -1: there is none, or another rule. */
static int frame_end(const struct module *module, unsigned long where,
                     unsigned long *offset)
{
    Dwarf_Addr bias = 0;
    Dwarf_CFI *cfi = dw.dwfl_module_eh_cfi(module->dwfl, &bias);
    Dwarf_Frame *frame;
    Dwarf_Op *ops;
    size_t count;
    int number = -1;

    if (cfi == NULL || dw.dwarf_cfi_addrframe(cfi, where - bias, &frame) != 0)
        return -1;
    if (dw.dwarf_frame_cfa(frame, &ops, &count) == 0 && count > 0) {
        bool any = ops[0].atom == DW_OP_bregx;
        *offset = any ? ops[0].number2 : ops[0].number;
        number = any ? (int)ops[0].number : ops[0].atom - DW_OP_breg0;
    }
    free(frame);
    return number;
}

/* Is the caller of this place found by the frame pointer? */
static bool by_frame_pointer(const struct stack *stack, unsigned long where)
{
    const struct module *module = module_at(stack, where);
    unsigned long offset;

    return module != NULL && frame_end(module, where, &offset) == REGISTER_FP;
}

/* Does a function begin here? Then a pointer to it is no return address, though
 * it lies behind a call where the function before ends with exit(). Without
 * symbols: nothing is on the stack yet but the return address. */
static bool at_entry(struct module *module, unsigned long address)
{
    const struct symbol *symbol = symbol_at(module, address, false);
    unsigned long offset;

    return (symbol != NULL && symbol->start == address) ||
           (frame_end(module, address, &offset) == REGISTER_SP &&
            offset < 2 * WORD);
}

/* The frame whose caller is to be guessed: the innermost one of the program; in
 * a library that was compiled with frame pointers, where the unwinding ended.
 * count: none. */
static size_t frame_to_guess(const struct stack *stack,
                             const struct trace *trace)
{
    size_t program = program_place(stack, trace);

    if (program == trace->count && trace->count > 0 &&
        by_frame_pointer(stack, trace->place[trace->count - 1].where))
        return trace->count - 1;
    return program;
}

/* Code that was compiled with frame pointers finds its caller by RBP, which is
 * not in /proc. It points to a pair in the stack: the caller's RBP, and the
 * return address. The first pair above the frame whose return address is behind
 * a call of that frame's function is it, if the unwinding then comes to an end.
 * In a library the call must say which function that is. */
static void guess_frame_pointer(struct stack *stack)
{
    const struct start first = stack->start;
    const struct trace before = stack->trace;
    size_t frame = frame_to_guess(stack, &before);
    unsigned long words[SCANNED];
    int guesses = 0;

    if (frame == before.count)
        return;
    unsigned long sp = before.place[frame].sp, target;
    const unsigned long where = before.place[frame].where;
    const bool in_library = !program_at(stack, where);
    if (sp == 0)
        sp = first.sp;
    size_t count = read_stack(stack, sp, words);
    for (size_t i = 0; i + 1 < count && guesses < MOST_GUESSES; i++) {
        struct start start = first;
        if (!calls(stack, words[i + 1], where) ||
            (in_library &&
             (!behind_call(stack, words[i + 1], &target) || target == 0)))
            continue;
        guesses++;
        start.fp = sp + i * WORD;
        unwind(stack, start);
        if (stack->trace.reached)
            return;
    }
    stack->start = first;
    stack->trace = before;
}

/* Puts the inner frames of another trace before this one. */
static void prepend(struct trace *trace, const struct trace *inner)
{
    size_t room = MOST_FRAMES - inner->count;
    size_t keep = trace->count < room ? trace->count : room;

    memmove(trace->place + inner->count, trace->place,
            keep * sizeof(struct place));
    memcpy(trace->place, inner->place, inner->count * sizeof(struct place));
    trace->count = inner->count + keep;
}

/* Is this a return address in the program's own code, behind a call of
 * something else? Then the function that it is in goes to *caller. What earlier
 * calls have left on the stack is mostly behind calls within the program. */
static bool back_in_program(const struct stack *stack, unsigned long address,
                            const struct symbol **caller)
{
    unsigned long target;
    struct module *module = module_at(stack, address);

    if (module == NULL || module->in_library ||
        !behind_call(stack, address, &target) ||
        !is_program(module, address - 1) ||
        (target != 0 && program_at(stack, target)))
        return false;
    *caller = symbol_at(module, address - 1, false);
    return true;
}

/* Unwinds from a return address at this place of the stack. Does that come to
 * an end, and has the next frame called this one's function? */
static bool resume_at(struct stack *stack, unsigned long address,
                      unsigned long slot)
{
    unwind(stack,
           (struct start){.pc = address, .sp = slot + WORD, .resumed = true});
    if (!stack->trace.reached)
        guess_frame_pointer(stack);
    const struct place *place = stack->trace.place;
    return stack->trace.reached &&
           (stack->trace.count < 2 || !program_at(stack, place[1].where) ||
            calls(stack, place[1].pc, place[0].where));
}

/* Looks through the words of the stack, from SP up, for the return address that
 * resume_in_program() wants. `entries`: where a function begins is good, too.
 */
static bool look_for_caller(struct stack *stack, const unsigned long *words,
                            size_t count, unsigned long sp, bool entries,
                            struct trace *best)
{
    const struct symbol *caller, *found = NULL;
    int guesses = 0;

    for (size_t i = 0; i < count && guesses < MOST_GUESSES; i++) {
        if (!back_in_program(stack, words[i], &caller) ||
            (!entries && at_entry(module_at(stack, words[i]), words[i])) ||
            (best->reached && (found == NULL || caller != found)))
            continue;
        guesses++;
        if (!resume_at(stack, words[i], sp + i * WORD))
            continue;
        if (!best->reached && stack->trace.count > 1 &&
            stack->trace.place[1].sp > sp) {
            size_t frame = (stack->trace.place[1].sp - sp) / WORD;
            count = frame < count ? frame : count;
        }
        *best = stack->trace;
        found = caller;
    }
    return best->reached;
}

/* Where a library has no unwind information (musl), its caller is looked for on
 * the stack: the first return address in the program's own code from which the
 * unwinding comes to an end. It may be what an earlier call of the same
 * function has left below; the last call's is the one nearest to the function's
 * frame. */
static void resume_in_program(struct stack *stack)
{
    const struct trace before = stack->trace;
    struct trace best = before;
    unsigned long words[SCANNED];
    unsigned long sp = stack->start.sp;
    size_t count = read_stack(stack, sp, words);

    if (!look_for_caller(stack, words, count, sp, false, &best))
        look_for_caller(stack, words, count, sp, true, &best);
    stack->trace = best;
    if (best.reached)
        prepend(&stack->trace, &before);
}

/* ---- frames ---- */

/* localtime_r jumps into another function, and leaves no frame behind: what the
 * program called stands in its own code. A frame with that name is put in, if
 * the stack has not got it. */
static size_t add_called_function(const struct stack *stack,
                                  struct frame *frames)
{
    const struct trace *trace = &stack->trace;
    size_t at = 0, count = trace->count;
    unsigned long target;

    while (at < count && !frames[at].in_program)
        at++;
    if (at == count || trace->place[at].where == trace->place[at].pc ||
        !behind_call(stack, trace->place[at].pc, &target) || target == 0 ||
        program_at(stack, target))
        return count;
    struct module *module = module_at(stack, target);
    const struct symbol *symbol =
        module ? symbol_at(module, target, false) : NULL;
    const char *have = at > 0 ? frames[at - 1].function : NULL;
    if (symbol == NULL || (have != NULL && same_function(have, symbol->name)))
        return count;
    memmove(frames + at + 1, frames + at, (count - at) * sizeof(*frames));
    frames[at] = (struct frame){.function = xstrdup(symbol->name)};
    return count + 1;
}

/* Remembers where the frames of a thread have their local variables. */
static void remember_frames(struct stack *stack)
{
    const struct trace *trace = &stack->trace;

    stack->seen = xrealloc(stack->seen, (stack->seen_count + trace->count + 1) *
                                            sizeof(struct place));
    for (size_t i = 0; i + 1 < trace->count; i++) {
        if (trace->place[i + 1].sp == 0)
            continue;
        stack->seen[stack->seen_count] = trace->place[i];
        stack->seen[stack->seen_count++].sp = trace->place[i + 1].sp;
    }
}

size_t stack_frames(struct stack *stack, pid_t tid, unsigned long sp,
                    unsigned long pc, struct frame **frames)
{
    return stack_frames_from(stack, tid, sp, pc, 0, frames);
}

size_t stack_frames_from(struct stack *stack, pid_t tid, unsigned long sp,
                         unsigned long pc, unsigned long fp,
                         struct frame **frames)
{
    struct trace *trace = &stack->trace;

    stack->tid = tid;
    /* Fails the second time, when the state is attached already. */
    dw.dwfl_attach_state(stack->dwfl, NULL, stack->pid, &thread_callbacks,
                         stack);
    unwind(stack, (struct start){.pc = pc, .sp = sp, .fp = fp});
    if (!trace->reached)
        guess_frame_pointer(stack);
    if (!trace->reached && program_place(stack, trace) == trace->count)
        resume_in_program(stack);
    remember_frames(stack);
    *frames = xcalloc(trace->count + 1, sizeof(struct frame));
    for (size_t i = 0; i < trace->count; i++)
        (*frames)[i] = name_frame(stack, &trace->place[i]);
    return add_called_function(stack, *frames);
}

const struct frame *stack_program_frame(const struct frame *frames,
                                        size_t count, const char **library)
{
    *library = NULL;
    for (size_t i = 0; i < count; i++) {
        if (frames[i].in_program)
            return &frames[i];
        if (frames[i].function != NULL)
            *library = plain_name(frames[i].function);
    }
    return NULL;
}

/* ---- types ---- */

/* The types that a student has written: the way down to a lock ends there. */
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

/* The member of a struct that holds the offset, which becomes relative to it.
 */
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

/* One step from a type towards what lies at the offset; false at the end. */
static bool step_down(Dwarf_Die *type, Dwarf_Word *offset, char *way,
                      size_t size)
{
    size_t used = strlen(way);
    Dwarf_Word element;
    Dwarf_Die inner;

    switch (dw.dwarf_tag(type)) {
    case DW_TAG_structure_type:
    case DW_TAG_union_type:
        if (!member_at(type, offset, &inner))
            return false;
        if (dw.dwarf_diename(&inner) != NULL)
            snprintf(way + used, size - used, ".%s", dw.dwarf_diename(&inner));
        return type_of(&inner, type);
    case DW_TAG_array_type:
        if (!type_of(type, &inner) ||
            dw.dwarf_aggregate_size(&inner, &element) != 0 || element == 0)
            return false;
        snprintf(way + used, size - used, "[%lu]",
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

/* Goes from a variable's type down to what lies at the offset, and writes the
 * way: ".lock", "[2]". Returns the name of the lock's type if it comes to one.
 */
static const char *descend(Dwarf_Die type, Dwarf_Word offset, char *way,
                           size_t size)
{
    for (int depth = 0; depth < 24; depth++) {
        if (lock_type(dw.dwarf_diename(&type)))
            return dw.dwarf_diename(&type);
        if (!step_down(&type, &offset, way, size))
            break;
    }
    return NULL;
}

/* ---- variables ---- */

/* Looking for the variable that an address belongs to. */
struct search {
    const struct stack *stack;
    unsigned long address;
    const struct place *frame; /* local variables of this frame; NULL: global */
    Dwarf_Addr bias;           /* of the module's addresses */
    unsigned long base;        /* of the frame's variables; 0 if unknown */
    bool pointed;              /* the variable points to what is looked for */
    char *name;                /* the answer */
    const char *type;
};

/* Where the frame's variables are counted from: gcc says "the canonical frame
 * address", clang "RBP", which is two words below it. */
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
    return op->atom == DW_OP_reg0 + REGISTER_FP ? search->frame->sp - 2 * WORD
                                                : 0;
}

/* The address of a variable: global, or in the frame. */
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

/* The type without typedef, const ... around it. */
static void peel(Dwarf_Die *type)
{
    Dwarf_Die inner;

    if (dw.dwarf_peel_type(type, &inner) == 0)
        *type = inner;
}

/* Does the variable hold a pointer to what is looked for? Names are only given
 * to locks here: any pointer may lead near an address. */
static void try_pointer(struct search *search, const char *name, Dwarf_Die type,
                        unsigned long at)
{
    unsigned long value;
    Dwarf_Word size;
    Dwarf_Die target;
    char way[256] = "";

    peel(&type);
    if (dw.dwarf_tag(&type) != DW_TAG_pointer_type ||
        !type_of(&type, &target) ||
        dw.dwarf_aggregate_size(&target, &size) != 0 || size == 0 ||
        !remote_read(search->stack->pid, at, &value, sizeof(value)) ||
        value == 0 || value > search->address)
        return;
    unsigned long index = (search->address - value) / size;
    search->type = index < 1024
                       ? descend(target, (search->address - value) % size, way,
                                 sizeof(way))
                       : NULL;
    if (search->type == NULL)
        return;
    if (index > 0)
        search->name = xasprintf("%s[%lu]%s", name, index, way);
    else if (way[0] == '.')
        search->name = xasprintf("%s->%s", name, way + 1);
    else
        search->name = xasprintf("*%s", name);
}

static void try_variable(struct search *search, Dwarf_Die *variable)
{
    const char *name = dw.dwarf_diename(variable);
    char way[256] = "";
    unsigned long at;
    Dwarf_Word size;
    Dwarf_Die type;

    if (name == NULL || !type_of(variable, &type) ||
        !locate(search, variable, &at))
        return;
    if (search->pointed) {
        try_pointer(search, name, type, at);
        return;
    }
    if (dw.dwarf_aggregate_size(&type, &size) != 0 || search->address < at ||
        search->address >= at + size)
        return;
    search->type = descend(type, search->address - at, way, sizeof(way));
    search->name = xasprintf("%s%s", name, way);
}

/* Tries all variables below a debug entry; of functions and blocks only those
 * that the frame is in. */
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
        try_below(search, unit);
}

/* Innermost frames first, thread after thread. */
static void try_frames(struct search *search)
{
    const struct stack *stack = search->stack;

    for (size_t i = 0; i < stack->seen_count && search->name == NULL; i++) {
        struct module *module = module_at(stack, stack->seen[i].where);
        Dwarf_Die *unit =
            module && !module->in_library
                ? unit_at(module->dwfl, stack->seen[i].where, &search->bias)
                : NULL;
        search->frame = &stack->seen[i];
        search->base = 0;
        if (unit != NULL)
            try_below(search, unit);
    }
}

/* Memory that has no name of its own: what points to it has. */
static void try_pointers(struct search *search)
{
    search->pointed = true;
    for (struct module *module = search->stack->modules;
         module != NULL && search->name == NULL; module = module->next)
        if (!module->in_library)
            try_globals(search, module->dwfl);
    if (search->name == NULL)
        try_frames(search);
}

/* Without debug information: "pool+8". */
static char *symbol_name(struct module *module, unsigned long address)
{
    const struct symbol *symbol = symbol_at(module, address, true);

    if (symbol == NULL)
        return NULL;
    return address == symbol->start
               ? xstrdup(symbol->name)
               : xasprintf("%s+%lu", symbol->name, address - symbol->start);
}

char *stack_variable(struct stack *stack, unsigned long address, char **type)
{
    struct search search = {.stack = stack, .address = address};
    struct module *module = module_at(stack, address);

    *type = NULL;
    if (module != NULL && module->in_library)
        return NULL;
    /* libdw does not count all of .bss to its module: ask each. */
    for (module = stack->modules; module != NULL && search.name == NULL;
         module = module->next) {
        if (!module->in_library)
            try_globals(&search, module->dwfl);
        if (!module->in_library && search.name == NULL)
            search.name = symbol_name(module, address);
    }
    if (search.name == NULL)
        try_frames(&search);
    if (search.name == NULL)
        try_pointers(&search);
    *type = search.type ? xstrdup(search.type) : NULL;
    return search.name;
}
