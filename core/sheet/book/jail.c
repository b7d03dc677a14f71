// SPDX-License-Identifier: Apache-2.0
// Takes everything away that reading a file and writing to a pipe does not need.
#include "sheet/book/jail.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CHECKED_BUILD 1 // such builds map terabytes and look at themselves
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CHECKED_BUILD 1
#endif
#ifndef CHECKED_BUILD
#define CHECKED_BUILD 0
#endif

#if defined(__x86_64__)
#define OWN_MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE AUDIT_ARCH_AARCH64
#endif

enum { MEMORY_BYTES = 320 << 20, CPU_SECONDS = 300 };

static bool limit(__rlimit_resource_t what, rlim_t soft, rlim_t hard) {
    struct rlimit l = {.rlim_cur = soft, .rlim_max = hard};
    return setrlimit(what, &l) == 0;
}

#ifdef OWN_MACHINE
#define FIELD(name) ((uint32_t)offsetof(struct seccomp_data, name))
// The lower half of an argument; both machines keep it first.
#define ARGUMENT(n) ((uint32_t)(offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t)))

#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at)
#define ALLOW    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define KILL     BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define WHEN(v)  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(v), 0, 1)
#define CALL(nr) WHEN(nr), ALLOW
// A call whose argument n must be v.
#define CALL_WITH(nr, n, v)                                                                                  \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(nr), 0, 4), LOAD(ARGUMENT(n)), WHEN(v), ALLOW, KILL

static void filter_calls(void) {
    static const struct sock_filter code[] = {
        LOAD(FIELD(arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OWN_MACHINE, 1, 0),
        KILL,
        LOAD(FIELD(nr)),
        CALL_WITH(SYS_pread64, 0, 0),
        CALL_WITH(SYS_write, 0, 1),
        CALL(SYS_brk),
        CALL(SYS_munmap),
        CALL(SYS_mremap),
        CALL(SYS_madvise),
        // Memory only: no file behind it, nothing that can be run.
        CALL_WITH(SYS_mmap, 2, 3),
        CALL(SYS_futex),
        CALL(SYS_getrandom),
        CALL(SYS_rt_sigreturn),
        CALL(SYS_exit),
        CALL(SYS_exit_group),
        KILL,
    };
    struct sock_fprog program = {.len = sizeof code / sizeof *code,
                                 .filter = (struct sock_filter *)(uintptr_t)code};
    // An older kernel, or a container that forbids it, leaves us with the limits.
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void filter_calls(void) {}
#endif

bool jail_enter(void) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return false;
    }
    if (!limit(RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 5) || !limit(RLIMIT_CORE, 0, 0)) {
        return false;
    }
    if (CHECKED_BUILD) {
        return true;
    }
    if (!limit(RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES) || !limit(RLIMIT_FSIZE, 0, 0) ||
        !limit(RLIMIT_NOFILE, 0, 0) || !limit(RLIMIT_NPROC, 0, 0)) {
        return false;
    }
    filter_calls();
    return true;
}
