// The system mix: what the kernel does for programs.
#include "part.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *self;

static uint64_t getpids(void)
{
    uint64_t same = 0;
    long first = syscall(SYS_getpid);
    for (int i = 0; i < 300000; i++)
        same += syscall(SYS_getpid) == first;
    return same;
}

static uint64_t pipes(void)
{
    int there[2], back[2];
    require(pipe(there) == 0 && pipe(back) == 0, "pipe");
    pid_t child = fork();
    require(child >= 0, "fork");
    uint64_t x = 0;
    if (child == 0) {
        for (int i = 0; i < 20000; i++) {
            if (read(there[0], &x, sizeof x) != sizeof x)
                _exit(1);
            x = x * 3 + 1;
            if (write(back[1], &x, sizeof x) != sizeof x)
                _exit(1);
        }
        _exit(0);
    }
    for (int i = 0; i < 20000; i++) {
        require(write(there[1], &x, sizeof x) == sizeof x, "write");
        require(read(back[0], &x, sizeof x) == sizeof x, "read");
    }
    int status;
    waitpid(child, &status, 0);
    close(there[0]); close(there[1]); close(back[0]); close(back[1]);
    return x + (uint64_t)status;
}

static uint64_t processes(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < 300; i++) {
        pid_t child = fork();
        require(child >= 0, "fork");
        if (child == 0) {
            execl(self, self, "child", (char *)NULL);
            _exit(127);
        }
        int status;
        waitpid(child, &status, 0);
        sum += (uint64_t)WEXITSTATUS(status);
    }
    return sum;
}

static uint64_t mappings(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < 10000; i++) {
        uint8_t *p = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        require(p != MAP_FAILED, "mmap");
        for (int page = 0; page < 4; page++) {
            p[page * 4096] = (uint8_t)i;
            sum += p[page * 4096];
        }
        munmap(p, 4 * 4096);
    }
    return sum;
}

static uint64_t zeros(void)
{
    int file = open("/dev/zero", O_RDONLY);
    require(file >= 0, "/dev/zero");
    static uint8_t buffer[1 << 16];
    uint64_t sum = 0;
    for (int i = 0; i < 100000; i++)
        sum += (uint64_t)read(file, buffer, 512);
    for (int i = 0; i < 5000; i++)
        sum += (uint64_t)read(file, buffer, sizeof buffer);
    close(file);
    return sum;
}

int main(int count, char **arguments)
{
    if (count > 1)
        return 7;
    self = arguments[0];
    run("getpid", getpids);
    run("pipe", pipes);
    run("fork-exec", processes);
    run("mmap-faults", mappings);
    run("dev-zero", zeros);
    return 0;
}
