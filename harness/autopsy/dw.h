/* SPDX-License-Identifier: MIT
 *
 * dw: elfutils' libdw, loaded with dlopen(3) when it is first needed.
 *
 * libdw takes 0.4 ms to load, with its compression libraries, and most runs
 * need no stack. Its functions are called as dw.dwfl_begin().
 * <elfutils/libdw.h> and <elfutils/libdwfl.h> describe them.
 */
#ifndef FORKLAB_DW_H
#define FORKLAB_DW_H

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <elfutils/version.h>
#include <stdbool.h>

/* clang-format off */
#if _ELFUTILS_PREREQ(0, 188)
#define DW_SINCE_188(F) F(dwfl_frame_reg)
#else
#define DW_SINCE_188(F)
#endif
#define DW_FUNCTIONS(F) \
    F(dwarf_aggregate_size) \
    F(dwarf_attr) \
    F(dwarf_attr_integrate) \
    F(dwarf_cfi_addrframe) \
    F(dwarf_child) \
    F(dwarf_diename) \
    F(dwarf_formaddr) \
    F(dwarf_formref_die) \
    F(dwarf_formstring) \
    F(dwarf_formudata) \
    F(dwarf_frame_cfa) \
    F(dwarf_frame_info) \
    F(dwarf_filesrc) \
    F(dwarf_frame_register) \
    F(dwarf_getlocation) \
    F(dwarf_getlocation_addr) \
    F(dwarf_getlocation_attr) \
    F(dwarf_getscopes) \
    F(dwarf_getscopes_die) \
    F(dwarf_getsrc_die) \
    F(dwarf_getsrcfiles) \
    F(dwarf_haspc) \
    F(dwarf_lineno) \
    F(dwarf_linesrc) \
    F(dwarf_peel_type) \
    F(dwarf_siblingof) \
    F(dwarf_tag) \
    F(dwfl_addrmodule) \
    F(dwfl_attach_state) \
    F(dwfl_begin) \
    F(dwfl_end) \
    F(dwfl_frame_pc) \
    F(dwfl_getmodules) \
    F(dwfl_getthread_frames) \
    F(dwfl_linux_proc_find_elf) \
    F(dwfl_linux_proc_report) \
    F(dwfl_module_addrdie) \
    F(dwfl_module_eh_cfi) \
    F(dwfl_module_getdwarf) \
    F(dwfl_module_getelf) \
    F(dwfl_module_getsym_info) \
    F(dwfl_module_getsymtab) \
    F(dwfl_module_info) \
    F(dwfl_module_nextcu) \
    F(dwfl_report_end) \
    F(dwfl_thread_state_register_pc) \
    F(dwfl_thread_state_registers) \
    DW_SINCE_188(F)
/* clang-format on */

/* The frame pointer and the stack pointer, by their DWARF register numbers. */
#if defined(__aarch64__)
enum { REGISTER_FP = 29, REGISTER_SP = 31 };
#else
enum { REGISTER_FP = 6, REGISTER_SP = 7 };
#endif

struct dw {
#define DW_MEMBER(name) __typeof__(name) *(name);
    DW_FUNCTIONS(DW_MEMBER)
#undef DW_MEMBER
};

extern struct dw dw;

/* Loads libdw, the first time. Returns false if it is not installed, or lacks
 * one of these functions: then none may be called. */
bool dw_load(void);

#endif
