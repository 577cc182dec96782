// The memory mix: what depends on paging and on the way to memory.
#include "part.h"
#include <sys/mman.h>

enum { big = 64 << 20 };

static uint8_t *region(size_t size)
{
    uint8_t *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(p != MAP_FAILED, "mmap");
    // Large pages would make a fault of 2 MiB out of one of 4 KiB, and differ from kernel to kernel.
    madvise(p, size, MADV_NOHUGEPAGE);
    return p;
}

static uint64_t faults(void)
{
    uint64_t sum = 0;
    for (int round = 0; round < 6; round++) {
        uint8_t *p = region(16 << 20);
        for (size_t at = 0; at < 16 << 20; at += 4096) {
            p[at] = (uint8_t)at;
            sum += p[at];
        }
        munmap(p, 16 << 20);
    }
    return sum;
}

static uint8_t *block;
static uint8_t *other;

static uint64_t set(void)
{
    for (int round = 0; round < 60; round++)
        memset(block, round, 16 << 20);
    return block[12345];
}

static uint64_t copy(void)
{
    for (int round = 0; round < 40; round++)
        memcpy(other, block + round, 16 << 20);
    return other[12345];
}

static uint64_t stream(void)
{
    enum { count = 1 << 20 };
    double *a = (double *)block, *b = a + count, *c = b + count;
    for (int i = 0; i < count; i++) {
        a[i] = i;
        b[i] = 2 * i;
        c[i] = 0;
    }
    for (int round = 0; round < 20; round++)
        for (int i = 0; i < count; i++)
            c[i] = a[i] + 3 * b[i] + c[i] * 0.5;
    return (uint64_t)c[count - 1];
}

static uint64_t scattered(void)
{
    uint64_t seed = 1, sum = 0;
    uint32_t *words = (uint32_t *)block;
    for (int i = 0; i < 8000000; i++) {
        uint64_t x = next(&seed);
        words[x & (big / 4 - 1)] += (uint32_t)x;
        sum += words[(x >> 32) & (big / 4 - 1)];
    }
    return sum;
}

static uint64_t chase(void)
{
    // One cycle through all lines of 64 bytes, in an order that looks random (Sattolo).
    enum { count = big / 64 };
    uint32_t *order = (uint32_t *)other;
    uint64_t seed = 2;
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t j = (uint32_t)(next(&seed) % i), t = order[i];
        order[i] = order[j];
        order[j] = t;
    }
    for (uint32_t i = 0; i < count; i++)
        *(uint8_t **)(block + (size_t)i * 64) = block + (size_t)order[i] * 64;
    uint8_t *at = block;
    for (int i = 0; i < 1500000; i++)
        at = *(uint8_t **)at;
    return (uint64_t)(at - block);
}

int main(void)
{
    block = region(big);
    other = region(big);
    memset(block, 0, big);
    memset(other, 0, big);
    run("faults", faults);
    run("memset", set);
    run("memcpy", copy);
    memset(block, 0, big);
    run("stream", stream);
    memset(block, 0, big);
    run("random-access", scattered);
    run("pointer-chase", chase);
    return 0;
}
