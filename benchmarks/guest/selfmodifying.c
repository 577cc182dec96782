// The self-modifying mix: what run-time compilers do.
#include "part.h"
#include <sys/mman.h>

typedef uint64_t (*function)(uint64_t);

static uint8_t *code_page(void)
{
    uint8_t *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(p != MAP_FAILED, "mmap");
    return p;
}

// lea rax, [rdi + constant]; ret
static void write_function(uint8_t *p, uint32_t constant)
{
    p[0] = 0x48; p[1] = 0x8D; p[2] = 0x87;
    memcpy(p + 3, &constant, 4);
    p[7] = 0xC3;
}

// A new function each time, called once.
static uint64_t rewrite(void)
{
    uint8_t *p = code_page();
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 60000; i++) {
        write_function(p, i);
        sum = ((function)p)(sum) * 3 ^ i;
    }
    munmap(p, 4096);
    return sum;
}

// A constant inside a function changes now and then while the function is called again and again.
static uint64_t patch(void)
{
    uint8_t *p = code_page();
    uint64_t sum = 0;
    write_function(p, 0);
    for (uint32_t i = 0; i < 20000; i++) {
        memcpy(p + 3, &i, 4);
        for (int call = 0; call < 50; call++)
            sum = ((function)p)(sum) ^ (uint64_t)call;
    }
    munmap(p, 4096);
    return sum;
}

// Never writable and executable at once.
static uint64_t flips(void)
{
    uint8_t *p = code_page();
    uint64_t sum = 0;
    for (uint32_t i = 0; i < 15000; i++) {
        require(mprotect(p, 4096, PROT_READ | PROT_WRITE) == 0, "mprotect");
        write_function(p + (i % 8) * 256, i);
        require(mprotect(p, 4096, PROT_READ | PROT_EXEC) == 0, "mprotect");
        for (int call = 0; call < 10; call++)
            sum = ((function)(p + (i % 8) * 256))(sum);
    }
    munmap(p, 4096);
    return sum;
}

int main(void)
{
    run("rewrite-and-call", rewrite);
    run("patch-in-a-loop", patch);
    run("w^x-flips", flips);
    return 0;
}
