// SPDX-License-Identifier: Apache-2.0
// Fuzz target of the reader of shared objects: any bytes, no place outside them may be read.
#include "plugin/elf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void seen(void *arg, const char *name) {
    *(size_t *)arg += strlen(name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct elf_facts facts;
    char why[160] = "";
    if (!elf_read(data, size, &facts, why, sizeof why)) {
        if (*why == 0) {
            abort(); // a refusal without a reason
        }
        return 0;
    }
    size_t letters = 0;
    elf_each_undefined(data, size, seen, &letters);
    return 0;
}
