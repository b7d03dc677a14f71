// SPDX-License-Identifier: Apache-2.0
// Reading ELF-64 shared objects. Every place in the file is asked for through span(), which knows its end.
#include "plugin/elf.h"

#include <dlfcn.h>
#include <elf.h>
#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
#define OWN_MACHINE   EM_X86_64
#define TYPE_RELATIVE R_X86_64_RELATIVE
#define TYPE_INDIRECT R_X86_64_IRELATIVE
#elif defined(__aarch64__)
#define OWN_MACHINE   EM_AARCH64
#define TYPE_RELATIVE R_AARCH64_RELATIVE
#define TYPE_INDIRECT R_AARCH64_IRELATIVE
#else
#error "Name this machine's ELF numbers here"
#endif

#define SEGMENTS_MAX 64
#define SECTIONS_MAX 4096
#define DYNAMIC_MAX  4096
#define SYMBOLS_MAX  1000000u
#define START_MAX    256 // entries of DT_INIT_ARRAY looked at

struct elf {
    const unsigned char *bytes;
    size_t n;
    Elf64_Ehdr head;
    Elf64_Phdr segments[SEGMENTS_MAX];
    size_t segment_count;
    uint64_t dynamic_at, dynamic_size;
    // From the dynamic section; 0 absent.
    uint64_t strings, strings_size, symbols, hash, gnu_hash, init, start_array, start_size;
    uint64_t rela, rela_size, jump, jump_size;
    size_t symbol_count;
    const char *string_bytes; // the strings themselves, ended by NUL
    size_t string_bytes_n;
};

// ---- places in the file --------------------------------------------------------------------------

static const void *span(const struct elf *e, uint64_t at, uint64_t size) {
    return at <= e->n && size <= e->n - at ? e->bytes + at : NULL;
}

static bool take(const struct elf *e, uint64_t at, void *ret, size_t size) {
    const void *p = span(e, at, size);
    if (p) {
        memcpy(ret, p, size);
    }
    return p != NULL;
}

// The place in the file of an address in memory, when `size` bytes of it are in the file.
static bool place_of(const struct elf *e, uint64_t address, uint64_t size, uint64_t *ret_at) {
    for (size_t i = 0; i < e->segment_count; i++) {
        const Elf64_Phdr *s = &e->segments[i];
        if (s->p_type == PT_LOAD && address >= s->p_vaddr && address - s->p_vaddr <= s->p_filesz &&
            size <= s->p_filesz - (address - s->p_vaddr)) {
            uint64_t at = s->p_offset + (address - s->p_vaddr);
            if (at >= s->p_offset && span(e, at, size)) {
                *ret_at = at;
                return true;
            }
        }
    }
    return false;
}

static bool take_at(const struct elf *e, uint64_t address, void *ret, size_t size) {
    uint64_t at;
    return place_of(e, address, size, &at) && take(e, at, ret, size);
}

// A name in the table of strings, which was seen to end with NUL; "" when it is not one.
static const char *string_at(const struct elf *e, uint64_t index) {
    return index < e->string_bytes_n ? e->string_bytes + index : "";
}

static void add_name(struct elf_names *names, const char *name) {
    if (names->count < ELF_NAMES_MAX) {
        snprintf(names->name[names->count], ELF_NAME_SIZE, "%s", name);
    }
    names->count++;
}

// ---- head and dynamic section --------------------------------------------------------------------

static const char *read_head(struct elf *e) {
    if (!take(e, 0, &e->head, sizeof e->head) || memcmp(e->head.e_ident, ELFMAG, SELFMAG) != 0) {
        return "it is not a shared object (no ELF head)";
    }
    if (e->head.e_ident[EI_CLASS] != ELFCLASS64 || e->head.e_ident[EI_DATA] != ELFDATA2LSB ||
        e->head.e_machine != OWN_MACHINE) {
        return "it was built for another kind of machine";
    }
    if (e->head.e_type != ET_DYN) {
        return "it is an ELF file but not a shared object";
    }
    if (e->head.e_phentsize != sizeof(Elf64_Phdr) || e->head.e_phnum == 0 || e->head.e_phnum > SEGMENTS_MAX) {
        return "its table of segments is damaged";
    }
    e->segment_count = e->head.e_phnum;
    if (!take(e, e->head.e_phoff, e->segments, e->segment_count * sizeof(Elf64_Phdr))) {
        return "its table of segments is cut off";
    }
    for (size_t i = 0; i < e->segment_count; i++) {
        if (e->segments[i].p_type == PT_DYNAMIC) {
            e->dynamic_at = e->segments[i].p_offset;
            e->dynamic_size = e->segments[i].p_filesz;
        }
        if (e->segments[i].p_type == PT_INTERP) {
            return "it is a program, not a shared object for a host";
        }
    }
    return e->dynamic_size ? NULL : "it has no dynamic section";
}

static bool dynamic_entry(const struct elf *e, size_t i, Elf64_Dyn *ret) {
    return i < DYNAMIC_MAX && (i + 1) * sizeof *ret <= e->dynamic_size &&
           take(e, e->dynamic_at + i * sizeof *ret, ret, sizeof *ret) && ret->d_tag != DT_NULL;
}

static void note_dynamic(struct elf *e, const Elf64_Dyn *d, struct elf_facts *f) {
    uint64_t v = d->d_un.d_val;
    switch (d->d_tag) {
    case DT_STRTAB:
        e->strings = v;
        break;
    case DT_STRSZ:
        e->strings_size = v;
        break;
    case DT_SYMTAB:
        e->symbols = v;
        break;
    case DT_HASH:
        e->hash = v;
        break;
    case DT_GNU_HASH:
        e->gnu_hash = v;
        break;
    case DT_INIT:
        e->init = v;
        break;
    case DT_INIT_ARRAY:
        e->start_array = v;
        break;
    case DT_INIT_ARRAYSZ:
        e->start_size = v;
        break;
    case DT_RELA:
        e->rela = v;
        break;
    case DT_RELASZ:
        e->rela_size = v;
        break;
    case DT_JMPREL:
        e->jump = v;
        break;
    case DT_PLTRELSZ:
        e->jump_size = v;
        break;
    case DT_TEXTREL:
        f->text_relocations = true;
        break;
    case DT_BIND_NOW:
        f->bind_now = true;
        break;
    case DT_RPATH:
    case DT_RUNPATH:
        f->search_path = true;
        break;
    case DT_FLAGS:
        f->text_relocations |= (v & DF_TEXTREL) != 0;
        f->bind_now |= (v & DF_BIND_NOW) != 0;
        break;
    case DT_FLAGS_1:
        f->bind_now |= (v & DF_1_NOW) != 0;
        break;
    default:
        break;
    }
}

static void note_segments(const struct elf *e, struct elf_facts *f) {
    f->exec_stack = true; // what Linux takes for granted when nothing is said
    for (size_t i = 0; i < e->segment_count; i++) {
        if (e->segments[i].p_type == PT_GNU_STACK) {
            f->exec_stack = (e->segments[i].p_flags & PF_X) != 0;
        }
        f->relro |= e->segments[i].p_type == PT_GNU_RELRO;
    }
}

// ---- symbols -------------------------------------------------------------------------------------

// The GNU hash table ends where its longest chain ends.
static bool count_by_gnu_hash(struct elf *e) {
    uint32_t head[4]; // buckets, first symbol, words of the filter, shift
    if (!take_at(e, e->gnu_hash, head, sizeof head) || head[0] > SYMBOLS_MAX || head[2] > SYMBOLS_MAX) {
        return false;
    }
    uint64_t buckets = e->gnu_hash + sizeof head + (uint64_t)head[2] * 8;
    uint64_t chains = buckets + (uint64_t)head[0] * 4;
    uint32_t last = 0, word = 0;
    for (uint32_t i = 0; i < head[0]; i++) {
        if (!take_at(e, buckets + (uint64_t)i * 4, &word, sizeof word)) {
            return false;
        }
        last = word > last ? word : last;
    }
    if (last < head[1]) {
        e->symbol_count = head[1];
        return e->symbol_count <= SYMBOLS_MAX;
    }
    do {
        if (last > SYMBOLS_MAX || !take_at(e, chains + (uint64_t)(last - head[1]) * 4, &word, sizeof word)) {
            return false;
        }
        last++;
    } while (!(word & 1));
    e->symbol_count = last;
    return true;
}

static bool count_symbols(struct elf *e) {
    uint32_t head[2];
    if (e->gnu_hash) {
        return count_by_gnu_hash(e);
    }
    if (!e->hash || !take_at(e, e->hash, head, sizeof head) || head[1] > SYMBOLS_MAX) {
        return false;
    }
    e->symbol_count = head[1];
    return true;
}

static bool symbol_at(const struct elf *e, size_t i, Elf64_Sym *ret) {
    return i < e->symbol_count && take_at(e, e->symbols + i * sizeof *ret, ret, sizeof *ret);
}

static bool starts(const char *s, const char *word) {
    return strncmp(s, word, strlen(word)) == 0;
}

// What linkers and sanitizers put into every file by themselves.
static bool is_tools_own(const char *name) {
    static const char *const whole[] = {"_init", "_fini", "_edata", "_end", "__bss_start"};
    static const char *const begins[] = {"__odr_asan", "__asan_",  "___asan_",
                                         "__sancov",   "__start_", "__stop_"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        if (strcmp(name, whole[i]) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (starts(name, begins[i])) {
            return true;
        }
    }
    return false;
}

static bool is_exported(const Elf64_Sym *s) {
    unsigned char bind = ELF64_ST_BIND(s->st_info), type = ELF64_ST_TYPE(s->st_info);
    unsigned char seen = ELF64_ST_VISIBILITY(s->st_other);
    return s->st_shndx != SHN_UNDEF && s->st_shndx != SHN_ABS && bind != STB_LOCAL &&
           (seen == STV_DEFAULT || seen == STV_PROTECTED) && type != STT_SECTION && type != STT_FILE;
}

static bool is_sanitizers(const char *name) {
    static const char *const begins[] = {"__asan_", "__ubsan_", "__tsan_",   "__sanitizer_",
                                         "__lsan_", "__msan_",  "__sancov_", "__odr_asan"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (starts(name, begins[i])) {
            return true;
        }
    }
    return false;
}

static void note_symbols(const struct elf *e, struct elf_facts *f) {
    Elf64_Sym s;
    for (size_t i = 1; symbol_at(e, i, &s); i++) {
        const char *name = string_at(e, s.st_name);
        f->sanitized |= s.st_shndx == SHN_UNDEF && is_sanitizers(name);
        if (*name && is_exported(&s) && !is_tools_own(name)) {
            add_name(&f->exported, name);
        }
    }
}

// ---- what runs when it is opened -----------------------------------------------------------------

static bool section_at(const struct elf *e, size_t i, Elf64_Shdr *ret) {
    return e->head.e_shentsize == sizeof *ret && i < e->head.e_shnum && i < SECTIONS_MAX &&
           e->head.e_shoff <= e->n && take(e, e->head.e_shoff + i * sizeof *ret, ret, sizeof *ret);
}

static const char *section_string(const struct elf *e, const Elf64_Shdr *table, uint64_t index) {
    const char *s = index < table->sh_size ? span(e, table->sh_offset, table->sh_size) : NULL;
    return s && s[table->sh_size - 1] == 0 ? s + index : "";
}

// Name of the function at an address by the symbols for debuggers; "" when they were stripped.
static const char *function_name(const struct elf *e, uint64_t address) {
    Elf64_Shdr section, strings;
    for (size_t i = 0; section_at(e, i, &section); i++) {
        if (section.sh_type != SHT_SYMTAB || section.sh_entsize != sizeof(Elf64_Sym) ||
            !section_at(e, section.sh_link, &strings)) {
            continue;
        }
        Elf64_Sym s;
        for (uint64_t k = 0; k < section.sh_size / sizeof s && k < SYMBOLS_MAX; k++) {
            if (!take(e, section.sh_offset + k * sizeof s, &s, sizeof s)) {
                break;
            }
            if (ELF64_ST_TYPE(s.st_info) == STT_FUNC && s.st_value == address) {
                return section_string(e, &strings, s.st_name);
            }
        }
        break; // there is one such table
    }
    return "";
}

// frame_dummy of the compiler's start files does nothing but jump on.
static bool looks_like_frame_dummy(const struct elf *e, uint64_t address) {
#if defined(__x86_64__)
    unsigned char code[5];
    if (!take_at(e, address, code, sizeof code)) {
        return false;
    }
    static const unsigned char endbr[] = {0xF3, 0x0F, 0x1E, 0xFA};
    return memcmp(code, endbr, sizeof endbr) == 0 ? code[4] == 0xE9 || code[4] == 0xEB
                                                  : code[0] == 0xE9 || code[0] == 0xEB;
#else
    uint32_t code[2];
    if (!take_at(e, address, code, sizeof code)) {
        return false;
    }
    uint32_t first = code[0] == 0xD503245Fu ? code[1] : code[0]; // behind "bti c"
    return (first & 0xFC000000u) == 0x14000000u;
#endif
}

static bool is_compilers_start(const struct elf *e, uint64_t address, const char *name, size_t index) {
    static const char *const begins[] = {"asan.module_ctor",     "tsan.module_ctor",   "sancov.module_ctor",
                                         "_sub_I_000",           "_GLOBAL__sub_I_000", "_sub_I_00100",
                                         "_GLOBAL__sub_I_00100", "__llvm_profile",     "__local_"};
    if (*name == 0) {
        return index == 0 && looks_like_frame_dummy(e, address);
    }
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        if (starts(name, begins[i])) {
            return true;
        }
    }
    return strcmp(name, "frame_dummy") == 0;
}

// Address that entry `slot` of the start array will hold: by its relocation, else what stands in the file.
static uint64_t start_address(const struct elf *e, uint64_t slot) {
    Elf64_Rela r;
    for (uint64_t i = 0; i < e->rela_size / sizeof r; i++) {
        if (!take_at(e, e->rela + i * sizeof r, &r, sizeof r)) {
            break;
        }
        if (r.r_offset != slot) {
            continue;
        }
        Elf64_Sym s;
        if (ELF64_R_TYPE(r.r_info) == TYPE_RELATIVE) {
            return (uint64_t)r.r_addend;
        }
        return symbol_at(e, ELF64_R_SYM(r.r_info), &s) ? s.st_value + (uint64_t)r.r_addend : 0;
    }
    uint64_t address = 0;
    return take_at(e, slot, &address, sizeof address) ? address : 0;
}

// Functions chosen when the file is opened run code of the file to choose.
static void note_indirect(const struct elf *e, uint64_t table, uint64_t size, struct elf_facts *f) {
    Elf64_Rela r;
    for (uint64_t i = 0; i < size / sizeof r && take_at(e, table + i * sizeof r, &r, sizeof r); i++) {
        if (ELF64_R_TYPE(r.r_info) == TYPE_INDIRECT && f->constructors.count < ELF_NAMES_MAX) {
            const char *name = function_name(e, (uint64_t)r.r_addend);
            add_name(&f->constructors, *name ? name : "?");
        }
    }
}

static void note_start(const struct elf *e, struct elf_facts *f) {
    for (size_t i = 0; i < e->start_size / 8 && i < START_MAX; i++) {
        uint64_t address = start_address(e, e->start_array + i * 8);
        if (address == 0 || address == UINT64_MAX) {
            continue;
        }
        const char *name = function_name(e, address);
        if (!is_compilers_start(e, address, name, i)) {
            add_name(&f->constructors, *name ? name : "?");
        }
    }
    note_indirect(e, e->rela, e->rela_size, f);
    note_indirect(e, e->jump, e->jump_size, f);
    Elf64_Shdr section, names;
    if (!e->init || !section_at(e, e->head.e_shstrndx, &names)) {
        return;
    }
    f->own_init = true;
    for (size_t i = 0; section_at(e, i, &section); i++) {
        if (section.sh_addr == e->init && strcmp(section_string(e, &names, section.sh_name), ".init") == 0) {
            f->own_init = false;
        }
    }
}

// ---- all together --------------------------------------------------------------------------------

static const char *read_all(struct elf *e, struct elf_facts *f) {
    const char *why = read_head(e);
    if (why) {
        return why;
    }
    Elf64_Dyn d;
    for (size_t i = 0; dynamic_entry(e, i, &d); i++) {
        note_dynamic(e, &d, f);
    }
    if (!e->strings || !e->symbols || !count_symbols(e)) {
        return "its table of symbols is damaged";
    }
    Elf64_Sym last;
    uint64_t at;
    if (e->strings_size == 0 || !place_of(e, e->strings, e->strings_size, &at) ||
        e->bytes[at + e->strings_size - 1] != 0 ||
        (e->symbol_count > 0 && !symbol_at(e, e->symbol_count - 1, &last))) {
        return "its table of symbols is cut off";
    }
    e->string_bytes = (const char *)e->bytes + at;
    e->string_bytes_n = e->strings_size;
    return NULL;
}

bool elf_read(const void *bytes, size_t n, struct elf_facts *ret, char *why, size_t why_cap) {
    struct elf e = {.bytes = bytes, .n = n};
    struct elf_facts f;
    memset(&f, 0, sizeof f);
    const char *reason = read_all(&e, &f);
    if (reason) {
        snprintf(why, why_cap, "%s", reason);
        return false;
    }
    Elf64_Dyn d;
    for (size_t i = 0; dynamic_entry(&e, i, &d); i++) {
        if (d.d_tag == DT_NEEDED) {
            add_name(&f.needed, string_at(&e, d.d_un.d_val));
        }
    }
    note_segments(&e, &f);
    note_symbols(&e, &f);
    note_start(&e, &f);
    *ret = f;
    return true;
}

void elf_each_undefined(const void *bytes, size_t n, void (*fn)(void *arg, const char *name), void *arg) {
    struct elf e = {.bytes = bytes, .n = n};
    struct elf_facts f;
    memset(&f, 0, sizeof f);
    if (read_all(&e, &f)) {
        return;
    }
    Elf64_Sym s;
    for (size_t i = 1; symbol_at(&e, i, &s); i++) {
        const char *name = string_at(&e, s.st_name);
        if (*name && s.st_shndx == SHN_UNDEF && ELF64_ST_BIND(s.st_info) == STB_GLOBAL) {
            fn(arg, name);
        }
    }
}

struct search {
    void *libraries[ELF_NAMES_MAX];
    size_t count;
    struct elf_names *ret;
};

static bool program_is_sanitized(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
    return true;
#else
    return false;
#endif
#else
    return false;
#endif
}

static void look_for(void *arg, const char *name) {
    struct search *s = arg;
    if (is_sanitizers(name) && program_is_sanitized()) {
        return;
    }
    for (size_t i = 0; i < s->count; i++) {
        if (dlsym(s->libraries[i], name)) {
            return;
        }
    }
    add_name(s->ret, name);
}

void elf_find_missing(const void *bytes, size_t n, const struct elf_facts *facts, struct elf_names *ret) {
    struct search s = {.ret = ret};
    memset(ret, 0, sizeof *ret);
    for (size_t i = 0; i < facts->needed.count && i < ELF_NAMES_MAX; i++) {
        // A handle is searched with the libraries it needs itself, never with the program around it.
        void *library = dlopen(facts->needed.name[i], RTLD_LAZY | RTLD_LOCAL);
        if (library) {
            s.libraries[s.count++] = library;
        }
    }
    elf_each_undefined(bytes, n, look_for, &s);
}
