/* SPDX-License-Identifier: MIT
 *
 * callsite: see callsite.h.
 */
#define _GNU_SOURCE
#include "autopsy/callsite.h"

#include <string.h>

#include "autopsy/symbols.h"
#include "linux/remote.h"

#if defined(__x86_64__)
/* The target of a jump or call through memory, FF 25 or FF 15, whose address is
 * relative to `next`, the instruction after it. 0 if it cannot be read. */
static unsigned long slot_target(const struct image *image, unsigned long next,
                                 const unsigned char *code)
{
    unsigned long target = 0;
    int offset;

    memcpy(&offset, code + 2, sizeof(offset));
    remote_read(image->pid, next + (unsigned long)(long)offset, &target,
                sizeof(target));
    return target;
}

/* A call into a library leads to a stub in the program: [endbr64] [bnd] jmp
 * *slot. Returns where the stub jumps to; the address itself if it is none. */
static unsigned long stub_target(const struct image *image,
                                 unsigned long address)
{
    unsigned char code[12];
    size_t at = 0;

    if (!remote_read(image->pid, address, code, sizeof(code)))
        return address;
    if (memcmp(code, "\xf3\x0f\x1e\xfa", 4) == 0)
        at = 4;
    if (code[at] == 0xf2)
        at++;
    return code[at] == 0xff && code[at + 1] == 0x25
               ? slot_target(image, address + at + 6, code + at)
               : address;
}

/* The length in bytes of a call FF /2 with this second byte (ModRM); 0 if it is
 * no call. Intel's manual, volume 2, 2.1. */
static size_t call_length(unsigned char second)
{
    unsigned mode = second >> 6, base = second & 7;
    size_t extra = mode != 3 && base == 4; /* a SIB byte */

    if ((second & 0x38) != 0x10)
        return 0;
    if (mode == 0 && base == 5)
        return 6;
    return 2 + extra + (mode == 1 ? 1 : mode == 2 ? 4 : 0);
}

/* A near call is E8 and four bytes, or FF /2 with 2 to 7 bytes in all. */
bool follows_call(const struct image *image, unsigned long address,
                  unsigned long *target)
{
    unsigned char code[7];
    int offset;

    *target = 0;
    if (!remote_read(image->pid, address - sizeof(code), code, sizeof(code)))
        return false;
    if (code[1] == 0xff && code[2] == 0x15) {
        *target = slot_target(image, address, code + 1);
        return true;
    }
    if (code[2] == 0xe8) {
        memcpy(&offset, code + 3, sizeof(offset));
        *target = stub_target(image, address + (unsigned long)(long)offset);
        if (module_at(image, *target) != NULL)
            return true;
        *target = 0;
    }
    for (size_t i = 0; i < 6; i++)
        if (code[i] == 0xff && call_length(code[i + 1]) == sizeof(code) - i)
            return true;
    return false;
}
#elif defined(__aarch64__)
/* An instruction has four bytes. The encodings are those of the Arm
 * Architecture Reference Manual (DDI 0487), C6.2. */
enum { INSTRUCTION = 4 };

/* The lowest `bits` of a word, as a signed number. */
static long sign_extended(unsigned word, unsigned bits)
{
    unsigned sign = 1U << (bits - 1);

    return (long)((word & (2 * sign - 1)) ^ sign) - (long)sign;
}

/* A call into a library leads to a stub in the program: [bti c]; adrp x16,
 * page; ldr x17, [x16, #slot]; ...; br x17. Returns where the stub jumps to;
 * the address itself if it is none. */
static unsigned long stub_target(const struct image *image,
                                 unsigned long address)
{
    unsigned code[3];
    size_t at = 0;
    unsigned long target;

    if (!remote_read(image->pid, address, code, sizeof(code)))
        return address;
    if (code[0] == 0xd503245f)
        at = 1;
    unsigned adrp = code[at], ldr = code[at + 1];
    if ((adrp & 0x9f00001f) != 0x90000010 || (ldr & 0xffc003ff) != 0xf9400211)
        return address;
    long pages = sign_extended((adrp >> 5 << 2) | (adrp >> 29 & 3), 21);
    unsigned long slot = ((address + at * INSTRUCTION) & ~0xfffUL) +
                         (unsigned long)(pages * 0x1000) +
                         (ldr >> 10 & 0xfff) * sizeof(target);
    return remote_read(image->pid, slot, &target, sizeof(target)) ? target
                                                                  : address;
}

/* A call is BL, whose distance is in the instruction, or BLR (BLRAA ...)
 * through a register. */
bool follows_call(const struct image *image, unsigned long address,
                  unsigned long *target)
{
    unsigned code;

    *target = 0;
    if (address % INSTRUCTION != 0 ||
        !remote_read(image->pid, address - INSTRUCTION, &code, sizeof(code)))
        return false;
    if ((code & 0xfc000000) != 0x94000000)
        return (code & 0xfefff000) == 0xd63f0000;
    *target = stub_target(image, address - INSTRUCTION +
                                     (unsigned long)sign_extended(code, 26) *
                                         INSTRUCTION);
    if (module_at(image, *target) == NULL)
        *target = 0;
    return true;
}
#else
bool follows_call(const struct image *image, unsigned long address,
                  unsigned long *target)
{
    *target = 0;
    return module_at(image, address) != NULL;
}
#endif

/* Does the function at `target` have this name, too? Compilers split functions
 * into parts ("read.part.0") that the first one jumps to. */
static bool jumps_to(const struct image *image, unsigned long target,
                     const char *name)
{
    struct module *module = module_at(image, target);
    const struct symbol *symbol =
        module ? symbol_at(module, target, false) : NULL;

    return symbol != NULL && same_function(symbol->name, name);
}

bool could_call(const struct image *image, unsigned long return_address,
                unsigned long where)
{
    unsigned long target;
    struct module *module = module_at(image, return_address);

    if (module == NULL || !follows_call(image, return_address, &target))
        return false;
    if (target == 0)
        return true;
    module = module_at(image, where);
    const struct symbol *symbol = symbol_at(module, where, false);
    return symbol ? symbol->start == target ||
                        jumps_to(image, target, symbol->name)
                  : target <= where && where - target < 0x10000;
}
