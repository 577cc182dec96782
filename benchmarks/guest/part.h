// What the mixes share: each part runs, and prints its name, a checksum of its result, and the nanoseconds that it took.
#ifndef PART_H
#define PART_H

#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static inline uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

// A generator of numbers that look random and are the same everywhere (xorshift64).
static inline uint64_t next(uint64_t *state)
{
    uint64_t x = *state;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

static inline void run(const char *name, uint64_t (*part)(void))
{
    uint64_t start = now();
    uint64_t result = part();
    uint64_t end = now();
    printf("part %s %016llx %llu\n", name, (unsigned long long)result, (unsigned long long)(end - start));
    fflush(stdout);
}

static inline void require(int condition, const char *what)
{
    if (!condition) {
        perror(what);
        exit(1);
    }
}

#endif
