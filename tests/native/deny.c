/* Runs a program to which system calls are refused: deny LETTERS PROGRAM ARGUMENTS...
   p is ptrace, v process_vm_readv, e perf_event_open; all answer EPERM. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
    char letter;
    int call;
} CALLS[] = {{'p', SYS_ptrace}, {'v', SYS_process_vm_readv}, {'e', SYS_perf_event_open}};

int
main(int argc, char **argv)
{
    struct sock_filter rules[16];
    unsigned short count = 0;
    if (argc < 3)
        return 2;
    rules[count++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < sizeof CALLS / sizeof *CALLS; i++) {
        if (!strchr(argv[1], CALLS[i].letter))
            continue;
        rules[count++] =
            (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CALLS[i].call, 0, 1);
        rules[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    }
    rules[count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {count, rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
        perror("seccomp");
        return 2;
    }
    execvp(argv[2], argv + 2);
    perror(argv[2]);
    return 127;
}
