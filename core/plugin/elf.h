// SPDX-License-Identifier: Apache-2.0
// What a shared object says of itself, read from its bytes without opening it: what it gives away, what it
// wants from others, what would run as soon as it is opened. The bytes may be anything. Source: System V ABI,
// chapters 4 and 5 (ELF-64), and the GNU extensions of elf.h.
#ifndef ANCHORAGE_PLUGIN_ELF_H
#define ANCHORAGE_PLUGIN_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_NAMES_MAX 32
#define ELF_NAME_SIZE 96

// The first names found, cut when very long; `count` goes on past ELF_NAMES_MAX.
struct elf_names {
    size_t count;
    char name[ELF_NAMES_MAX][ELF_NAME_SIZE];
};

struct elf_facts {
    struct elf_names exported;     // functions and objects that others may bind to
    struct elf_names needed;       // libraries, "libm.so.6"
    struct elf_names constructors; // own code that runs when it is opened; "?" where the name is stripped
    bool own_init;                 // DT_INIT is not the one that the compiler's start files bring
    bool sanitized;                // built with a sanitizer of the compiler
    bool exec_stack;               // wants to run code on the stack
    bool text_relocations;         // changes its code when it is opened
    bool relro;                    // tables of the linker become read-only
    bool bind_now;                 // all symbols are looked up when it is opened
    bool search_path;              // names folders in which its libraries are looked for
};

// False with a plain reason in why: not an ELF-64 shared object of this machine, or damaged.
bool elf_read(const void *bytes, size_t n, struct elf_facts *ret, char *why, size_t why_cap);

// Calls fn for each symbol that must come from elsewhere; weak ones are left out, they may stay away. The
// file has passed elf_read.
void elf_each_undefined(const void *bytes, size_t n, void (*fn)(void *arg, const char *name), void *arg);

// Symbols wanted that no needed library gives: they would be found in the host by accident, or not at all.
// Opens the needed libraries, so call it in a child process. A sanitizer's own symbols count as given when
// this program was built with one.
void elf_find_missing(const void *bytes, size_t n, const struct elf_facts *facts, struct elf_names *ret);

#endif
