/* SPDX-License-Identifier: MIT
 *
 * Tests of names of functions of C++ and Rust. TAP; exit 1 on failure.
 */
#include "autopsy/demangle.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/tap.h"

static void compare(const char *name, const char *wanted)
{
    char *text = demangle(name);

    ok(strcmp(text, wanted) == 0, "%s: %s", name, text);
    free(text);
}

int main(void)
{
    compare("read", "read");
    /* rustc's names, of a program made with 1.8x: a function, an impl of a
     * trait, generic arguments with and without a constant, closures. */
    compare("_RNvNtNtCsjrHSEGnQ3l9_3std2io5stdio6__print",
            "std::io::stdio::_print");
    compare("_RNvXsf_NtNtCsjrHSEGnQ3l9_3std2io5stdioRNtB5_6StdoutNtB7_"
            "5Write9write_fmt",
            "std::io::stdio::Stdout::write_fmt");
    compare("_RINvNtCsgEmfK2I1SDS_4core6escape14escape_unicodeKja_"
            "ECsgY6Mt91CT9J_14rustc_demangle",
            "core::escape::escape_unicode");
    compare("_RINvNtCsgEmfK2I1SDS_4core9panicking13assert_failedAhj4_"
            "RShECsjrHSEGnQ3l9_3std",
            "core::panicking::assert_failed");
    compare("_RNCNCNCNvNtCsjrHSEGnQ3l9_3std2rt19lang_start_internal00s_0B9_",
            "std::rt::lang_start_internal::{closure}::{closure}::{closure}");
    /* Those before 1.8x. */
    compare("_ZN3std2rt10lang_start28_$u7b$$u7b$closure$u7d$$u7d$"
            "17h0123456789abcdefE",
            "std::rt::lang_start::{closure}");
    compare("_ZN50_$LT$$RF$mut$u20$W$u20$as$u20$core..fmt..Write$GT$"
            "9write_str17h0123456789abcdefE",
            "<&mut W as core::fmt::Write>::write_str");
    /* What breaks off, or leads to itself, stays as it is. */
    compare("_RNvXsf_NtNtCsjrHSEGnQ3l9_3std2io5stdioRNtB5_",
            "_RNvXsf_NtNtCsjrHSEGnQ3l9_3std2io5stdioRNtB5_");
    compare("_RNvB_3abc", "_RNvB_3abc");
    printf("1..%d\n", tests);
    return failures > 0;
}
