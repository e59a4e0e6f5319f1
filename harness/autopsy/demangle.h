/* SPDX-License-Identifier: MIT
 *
 * demangle: the names of functions as they stand in C++ and Rust sources.
 *
 * A compiler writes "a::LOCK" as "_ZN1a4LOCKE". The decoder is libstdc++'s
 * __cxa_demangle() (Itanium C++ ABI, 3.4), loaded with dlopen(3) when a name
 * needs it. Where that library is not installed, names stay as they are.
 */
#ifndef FORKLAB_DEMANGLE_H
#define FORKLAB_DEMANGLE_H

/* The name of a symbol without parameters and return type: "main" stays as it
 * is, "_ZNSt6thread4joinEv" is std::thread::join. The caller frees it. */
char *demangle(const char *name);

#endif
