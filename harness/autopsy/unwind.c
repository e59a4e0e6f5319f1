/* SPDX-License-Identifier: MIT
 *
 * unwind: see unwind.h. elfutils' libdwfl unwinds by the DWARF call frame
 * information (CFI). Its callbacks get the registers from /proc/TID/syscall and
 * the memory by remote_read().
 *
 * Unwinding yields addresses first; names are looked up for the final stack
 * only. The frame pointer, which /proc does not show, is guessed, and the guess
 * is checked against the call instructions of the program.
 */
#define _GNU_SOURCE
#include "autopsy/unwind.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "autopsy/callsite.h"
#include "autopsy/demangle.h"
#include "autopsy/script.h"
#include "autopsy/symbols.h"
#include "autopsy/variables.h"
#include "base/memory.h"
#include "linux/libelf.h"
#include "linux/proc.h"
#include "linux/remote.h"
#include "linux/syscalls.h"

#define MAX_FRAMES 64
#define WORD sizeof(unsigned long)
#define PAGE 4096UL /* no larger than a page of the kernel's */

struct trace {
    struct place place[MAX_FRAMES];
    size_t count;
    bool reached; /* it ends where threads begin: it is complete */
};

/* Where an unwinding starts. A frame pointer of 0 is unknown. */
struct start {
    unsigned long pc, sp, fp;
    bool resumed; /* pc is a return address */
};

struct stack {
    struct image image;
    pid_t tid;          /* of the thread that is unwound */
    struct start start; /* read by the callbacks of libdwfl */
    struct trace trace; /* written by them */
    /* All frames unwound so far, for their local variables: see variable_at().
     */
    struct place *seen;
    size_t seen_count;
    struct pointers pointers;
    long call;            /* that the thread sleeps in; -1: not known */
    struct script script; /* no image: not looked at yet */
    /* The page that was read last: an unwinding reads many words of few. */
    unsigned long page; /* its address; 0: none */
    unsigned char bytes[PAGE];
};

void stack_prepare(void)
{
    dw_load();
}

struct stack *stack_open(pid_t pid)
{
    if (!dw_load())
        return NULL;
    struct stack *stack = xcalloc(1, sizeof(*stack));
    if (image_open(&stack->image, pid))
        return stack;
    stack_close(stack);
    return NULL;
}

void stack_close(struct stack *stack)
{
    image_close(&stack->image);
    free(stack->seen);
    pointers_free(&stack->pointers);
    free(stack);
}

/* As its programmer writes it. The caller frees it. */
static char *function_name(const struct symbol *symbol)
{
    char *name =
        xasprintf("%.*s", (int)name_length(symbol->name), symbol->name);
    char *readable = demangle(name);

    free(name);
    return readable;
}

static struct frame name_frame(const struct stack *stack,
                               const struct place *place)
{
    struct frame frame = {0};
    struct module *module = module_at(&stack->image, place->where);

    if (module == NULL)
        return frame;
    const struct symbol *symbol = symbol_at(module, place->where, false);
    if (symbol != NULL)
        frame.function = function_name(symbol);
    frame.in_libc = module_in_libc(module);
    frame.library = module->in_library ? module_name(module) : NULL;
    frame.in_program = is_program(module, place->where);
    frame.in_libc |= !module->in_library && !frame.in_program;
    if (frame.in_program)
        frame.file = source_at(module, place->where, &frame.line);
    return frame;
}

void frames_free(struct frame *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(frames[i].function);
        free(frames[i].file);
        free(frames[i].library);
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
    struct stack *stack = argument;
    unsigned long value, page = address & ~(PAGE - 1);

    (void)dwfl;
    if (address % WORD == 0 && page != stack->page)
        stack->page =
            remote_read(stack->image.pid, page, stack->bytes, PAGE) ? page : 0;
    if (address % WORD == 0 && page == stack->page)
        memcpy(&value, stack->bytes + (address - page), sizeof(value));
    else if (!remote_read(stack->image.pid, address, &value, sizeof(value)))
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

    if (trace->count == MAX_FRAMES || !dw.dwfl_frame_pc(state, &pc, &exact) ||
        pc == 0)
        return DWARF_CB_ABORT;
    if (trace->count == 0 && stack->start.resumed)
        exact = false;
    trace->place[trace->count++] = (struct place){
        .where = exact ? pc : pc - 1, .pc = pc, .sp = stack_pointer(state)};
    return DWARF_CB_OK;
}

/* The index of the innermost place in the program's own code, or
 * trace->count if there is none. */
static size_t program_place(const struct stack *stack,
                            const struct trace *trace)
{
    size_t i = 0;

    while (i < trace->count &&
           !program_at(&stack->image, trace->place[i].where))
        i++;
    return i;
}

/* Is this code at the program's entry point (_start)? Its name may have been
 * stripped. */
static bool is_entry(const struct module *module, unsigned long where)
{
    GElf_Addr bias;
    GElf_Ehdr header;
    Elf *elf = dw.dwfl_module_getelf(module->dwfl, &bias);

    return elf != NULL && libelf.gelf_getehdr(elf, &header) != NULL &&
           where - (header.e_entry + bias) < 64;
}

/* Is this the code that threads begin with (_start, clone3)? Its unwind
 * information says that it has no caller: the return address is undefined. */
static bool is_outermost(const struct module *module, unsigned long where)
{
    Dwarf_Addr bias;
    Dwarf_CFI *cfi = dw.dwfl_module_eh_cfi(module->dwfl, &bias);
    Dwarf_Frame *frame;
    Dwarf_Op buffer[3], *ops;
    size_t count;

    if (cfi == NULL || dw.dwarf_cfi_addrframe(cfi, where - bias, &frame) != 0)
        return false;
    int caller = dw.dwarf_frame_info(frame, NULL, NULL, NULL);
    bool undefined =
        caller >= 0 &&
        dw.dwarf_frame_register(frame, caller, buffer, &ops, &count) == 0 &&
        ops == buffer && count == 0;
    free(frame);
    return undefined;
}

/* Did the unwinding come to where threads begin? `ended`: libdwfl reported no
 * error. Without the frame pointer it reports none either, but stops in the
 * middle of the program or of a library. Where the C library cannot be unwound
 * (musl), the frame of it that called the program is enough. */
static bool reaches_start(const struct stack *stack, bool ended)
{
    const struct trace *trace = &stack->trace;

    if (trace->count == 0)
        return false;
    unsigned long last = trace->place[trace->count - 1].where;
    struct module *module = module_at(&stack->image, last);
    if (module == NULL)
        return false;
    if (!is_program(module, last))
        return is_outermost(module, last) ||
               program_place(stack, trace) < trace->count;
    const struct symbol *symbol = symbol_at(module, last, false);
    return (ended && is_entry(module, last)) ||
           (symbol != NULL && strcmp(symbol->name, "main") == 0);
}

/* Unwinds from there into stack->trace. */
static void unwind(struct stack *stack, struct start start)
{
    stack->start = start;
    stack->trace.count = 0;
    int end = dw.dwfl_getthread_frames(stack->image.dwfl, stack->tid, on_frame,
                                       stack);
    stack->trace.reached =
        stack->trace.count == MAX_FRAMES || reaches_start(stack, end == 0);
}

/* Does this function of libc make a system call, always the same one, and not
 * that in which the thread sleeps? Then the thread has come back from there. */
static bool is_over(const struct stack *stack, unsigned long target)
{
    static const struct {
        const char *function;
        long call;
    } wrappers[] = {{"read", SYS_read},   {"write", SYS_write},
                    {"readv", SYS_readv}, {"writev", SYS_writev},
                    {"flock", SYS_flock}, {"sendmsg", SYS_sendmsg}};
    struct module *module = module_at(&stack->image, target);
    const struct symbol *symbol =
        module ? symbol_at(module, target, false) : NULL;

    if (symbol == NULL || stack->call == -1 || !module_in_libc(module))
        return false;
    for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
        if (same_function(symbol->name, wrappers[i].function))
            return stack->call != wrappers[i].call;
    return false;
}

/* The number of the system call in which a thread sleeps, or -1. */
static long call_of(pid_t pid, pid_t tid)
{
    char text[64];

    if (proc_read(text, sizeof(text), "/proc/%d/task/%d/syscall", (int)pid,
                  (int)tid) <= 0 ||
        text[0] < '0' || text[0] > '9')
        return -1;
    return atol(text);
}

/* ---- guessing the frame pointer ---- */

#define SCANNED 8192L /* words of the stack: a frame may hold large arrays */
#define MAX_GUESSES 24

/* Copies at most SCANNED words of the stack, from SP up. Returns how many could
 * be read. */
static size_t read_stack(const struct stack *stack, unsigned long sp,
                         unsigned long *words)
{
    const size_t page = 4096;
    size_t done = 0;

    while (done < SCANNED * WORD) {
        size_t size = page - (sp + done) % page;
        if (size > SCANNED * WORD - done)
            size = SCANNED * WORD - done;
        if (!remote_read(stack->image.pid, sp + done, (char *)words + done,
                         size))
            break;
        done += size;
    }
    return done / WORD;
}

/* How the unwind information computes the end of the frame at this place (the
 * canonical frame address): as a register plus *offset. Returns the register by
 * its DWARF number, or -1: there is no information, or another rule. */
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

/* Does unwinding from this place need the frame pointer? */
static bool by_frame_pointer(const struct stack *stack, unsigned long where)
{
    const struct module *module = module_at(&stack->image, where);
    unsigned long offset;

    return module != NULL && frame_end(module, where, &offset) == REGISTER_FP;
}

/* Does a function begin here? Then this is a function pointer and no return
 * address, although a call instruction precedes it where the function before
 * ends with exit(). Without symbols: the stack frame holds nothing yet but the
 * return address. */
static bool at_entry(struct module *module, unsigned long address)
{
    const struct symbol *symbol = symbol_at(module, address, false);
    unsigned long offset;

    return (symbol != NULL && symbol->start == address) ||
           (frame_end(module, address, &offset) == REGISTER_SP &&
            offset < 2 * WORD);
}

/* The index of the frame whose caller is to be guessed: the innermost one of
 * the program, or, if there is none, the last one, in a library that was
 * compiled with frame pointers. trace->count: there is no such frame. */
static size_t frame_to_guess(const struct stack *stack,
                             const struct trace *trace)
{
    size_t program = program_place(stack, trace);

    if (program == trace->count && trace->count > 0 &&
        by_frame_pointer(stack, trace->place[trace->count - 1].where))
        return trace->count - 1;
    return program;
}

/* Code that was compiled with frame pointers finds its caller by RBP, which
 * /proc does not show. RBP points to a pair of words on the stack: the caller's
 * RBP and the return address. We take the first pair above the frame whose
 * return address follows a call of the frame's function, if unwinding from
 * there comes to where threads begin. In a library the call instruction must
 * name the function that it calls. */
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
    const bool in_library = !program_at(&stack->image, where);
    if (sp == 0)
        sp = first.sp;
    size_t count = read_stack(stack, sp, words);
    stack->call = call_of(stack->image.pid, stack->tid);
    for (size_t i = 0; i + 1 < count && guesses < MAX_GUESSES; i++) {
        struct start start = first;
        if (!could_call(&stack->image, words[i + 1], where) ||
            (in_library &&
             (!follows_call(&stack->image, words[i + 1], &target) ||
              target == 0 || is_over(stack, target))))
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

/* Puts the places of another trace, which are further in, before this one's. */
static void prepend(struct trace *trace, const struct trace *inner)
{
    size_t room = MAX_FRAMES - inner->count;
    size_t keep = trace->count < room ? trace->count : room;

    memmove(trace->place + inner->count, trace->place,
            keep * sizeof(struct place));
    memcpy(trace->place, inner->place, inner->count * sizeof(struct place));
    trace->count = inner->count + keep;
}

/* Is this a return address in the program's own code, after a call that leads
 * out of the program? Then *caller gets the function that it is in, or NULL.
 * Return addresses that earlier calls have left on the stack mostly follow
 * calls within the program. */
static bool back_in_program(const struct stack *stack, unsigned long address,
                            const struct symbol **caller)
{
    unsigned long target;
    struct module *module = module_at(&stack->image, address);

    if (module == NULL || module->in_library ||
        !follows_call(&stack->image, address, &target) ||
        !is_program(module, address - 1) ||
        (target != 0 && program_at(&stack->image, target)) ||
        (target != 0 && is_over(stack, target)))
        return false;
    *caller = symbol_at(module, address - 1, false);
    return true;
}

/* The frame of the caller whose return address is words[at]. A call on x86-64
 * pushes it, so the frame begins right above. A function on arm64 stores it at
 * the lower end of its own frame, behind the caller's frame pointer, which is
 * where the caller's frame begins. */
static struct start caller_at(const unsigned long *words, size_t at,
                              unsigned long sp)
{
#ifdef __aarch64__
    unsigned long fp = at > 0 ? words[at - 1] : 0;

    (void)sp;
    return (struct start){.pc = words[at], .sp = fp, .fp = fp, .resumed = true};
#else
    return (struct start){
        .pc = words[at], .sp = sp + (at + 1) * WORD, .resumed = true};
#endif
}

/* Unwinds from the caller's frame. Does this come to where threads begin, and
 * has the next frame called this one's function? */
static bool resume_at(struct stack *stack, struct start caller)
{
    unwind(stack, caller);
    if (!stack->trace.reached)
        guess_frame_pointer(stack);
    const struct place *place = stack->trace.place;
    return stack->trace.reached &&
           (stack->trace.count < 2 ||
            !program_at(&stack->image, place[1].where) ||
            could_call(&stack->image, place[1].pc, place[0].where));
}

/* Searches the words of the stack, from SP up, for the return address that
 * resume_in_program() needs. `entries`: take addresses where a function begins,
 * too. Returns whether *best got a trace that is complete. */
static bool look_for_caller(struct stack *stack, const unsigned long *words,
                            size_t count, unsigned long sp, bool entries,
                            struct trace *best)
{
    const struct symbol *caller, *found = NULL;
    int guesses = 0;

    for (size_t i = 0; i < count && guesses < MAX_GUESSES; i++) {
        if (!back_in_program(stack, words[i], &caller) ||
            (!entries &&
             at_entry(module_at(&stack->image, words[i]), words[i])) ||
            (best->reached && (found == NULL || caller != found)))
            continue;
        guesses++;
        if (!resume_at(stack, caller_at(words, i, sp)))
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

/* Where a library has no unwind information (musl), we search the stack for its
 * caller: the first return address in the program's own code from which
 * unwinding comes to where threads begin. An earlier call of the same function
 * may have left one there, below the current one: the right one is nearest to
 * the function's frame. */
static void resume_in_program(struct stack *stack)
{
    const struct trace before = stack->trace;
    struct trace best = before;
    unsigned long words[SCANNED];
    unsigned long sp = stack->start.sp;
    size_t count = read_stack(stack, sp, words);

    stack->call = call_of(stack->image.pid, stack->tid);
    if (!look_for_caller(stack, words, count, sp, false, &best))
        look_for_caller(stack, words, count, sp, true, &best);
    stack->trace = best;
    if (best.reached)
        prepend(&stack->trace, &before);
}

/* ---- frames ---- */

/* A library function that jumps to another one (localtime_r) leaves no frame on
 * the stack, but the call instruction in the frame at `at` names it. Inserts a
 * frame for it before that one, if the stack has none. Returns the number of
 * frames. */
static size_t add_called_at(const struct stack *stack, size_t at,
                            struct frame *frames, size_t count)
{
    const struct place *place = &stack->trace.place[at];
    unsigned long target;

    if (place->where == place->pc ||
        !follows_call(&stack->image, place->pc, &target) || target == 0 ||
        program_at(&stack->image, target))
        return count;
    struct module *module = module_at(&stack->image, target);
    const struct symbol *symbol =
        module ? symbol_at(module, target, false) : NULL;
    const char *have = at > 0 ? frames[at - 1].function : NULL;
    char *name = symbol != NULL ? function_name(symbol) : NULL;
    if (name == NULL || (have != NULL && same_function(have, name))) {
        free(name);
        return count;
    }
    memmove(frames + at + 1, frames + at, (count - at) * sizeof(*frames));
    frames[at] = (struct frame){
        .function = name,
        .library = module->in_library ? module_name(module) : NULL,
        .in_libc = module_in_libc(module)};
    return count + 1;
}

static bool same_file(const struct frame *one, const struct frame *other)
{
    return one->in_program == other->in_program &&
           one->in_libc == other->in_libc &&
           (one->library == NULL || other->library == NULL
                ? one->library == other->library
                : strcmp(one->library, other->library) == 0);
}

/* The functions by which each library was entered: sem_wait, pthread_join and
 * g_mutex_lock are such ones that jump. There is room for twice as many frames.
 * Returns their number. */
static size_t add_called_functions(const struct stack *stack,
                                   struct frame *frames)
{
    size_t count = stack->trace.count;

    /* The outer ones first: they do not move the others. */
    for (size_t at = stack->trace.count; at-- > 0;)
        if (frames[at].in_program
                ? at == 0 || !frames[at - 1].in_program
                : at > 0 && !same_file(&frames[at - 1], &frames[at]))
            count = add_called_at(stack, at, frames, count);
    return count;
}

/* Keeps the frames of the thread for stack_variable(). */
static void remember_frames(struct stack *stack)
{
    const struct trace *trace = &stack->trace;

    for (size_t i = 0; i + 1 < trace->count; i++) {
        if (trace->place[i + 1].sp == 0)
            continue;
        struct place place = trace->place[i];
        place.sp = trace->place[i + 1].sp;
        GROW(stack->seen, stack->seen_count);
        stack->seen[stack->seen_count++] = place;
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
    stack->page = 0;
    /* Fails from the second time on: the callbacks are attached already. */
    dw.dwfl_attach_state(stack->image.dwfl, NULL, stack->image.pid,
                         &thread_callbacks, stack);
    unwind(stack, (struct start){.pc = pc, .sp = sp, .fp = fp});
    if (!trace->reached)
        guess_frame_pointer(stack);
    if (!trace->reached && program_place(stack, trace) == trace->count)
        resume_in_program(stack);
    remember_frames(stack);
    *frames = xcalloc(2 * trace->count + 1, sizeof(struct frame));
    for (size_t i = 0; i < trace->count; i++)
        (*frames)[i] = name_frame(stack, &trace->place[i]);
    return add_called_functions(stack, *frames);
}

/* Where threads begin: no function that somebody has called. */
static bool is_start(const char *function)
{
    static const char *const starts[] = {
        "start", "libc_start_main", "libc_start_call_main",
        "libc_start_main_impl", "clone", "clone3", "start_thread",
        /* of HotSpot */
        "thread_native_entry", "Thread::call_run",
        "JavaThread::thread_main_inner", "thread_entry",
        "JavaCalls::call_virtual", "JavaCalls::call_helper", "ThreadJavaMain",
        "JavaMain", "jni_CallStaticVoidMethod", "jni_invoke_static"};

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (strcmp(function, starts[i]) == 0)
            return true;
    return false;
}

const struct frame *stack_program_frame(const struct frame *frames,
                                        size_t count, const char **library)
{
    const struct frame *first = NULL;
    const char *before = NULL;

    *library = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct frame *frame = &frames[i];
        const char *name = frame->function ? plain_name(frame->function) : NULL;
        if (name != NULL && is_start(name))
            continue;
        if (frame->in_program && first == NULL) {
            first = frame;
            *library = before;
        }
        if (frame->in_program &&
            (frame->file == NULL || !source_is_foreign(frame->file))) {
            *library = before;
            return frame;
        }
        if (name != NULL)
            before = name;
    }
    if (first == NULL)
        *library = before;
    return first;
}

size_t stack_script(struct stack *stack, const struct scripted *thread,
                    struct frame **frames, const char **language)
{
    if (stack->script.image == NULL)
        script_open(&stack->script, &stack->image);
    *language = script_language(&stack->script);
    return script_frames(&stack->script, thread, frames);
}

bool stack_awaits(struct stack *stack, const struct scripted *thread,
                  struct awaited *awaited)
{
    if (stack->script.image == NULL)
        script_open(&stack->script, &stack->image);
    return script_awaits(&stack->script, thread, awaited);
}

char *stack_variable(struct stack *stack, unsigned long address, char **type)
{
    return variable_at(&stack->image, &stack->pointers, stack->seen,
                       stack->seen_count, address, type);
}
