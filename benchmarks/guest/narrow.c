// The mix of a 32-bit program (gcc -m32): general registers, the stack and pairs of registers, as they were used before there were 64-bit processors.
#include "part.h"

static uint32_t crc_table[256];

static uint64_t crc(void)
{
    static uint8_t data[1 << 16];
    uint64_t seed = 1;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t x = i;
        for (int bit = 0; bit < 8; bit++)
            x = x & 1 ? (x >> 1) ^ 0xEDB88320u : x >> 1;
        crc_table[i] = x;
    }
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)next(&seed);
    uint32_t sum = ~0u;
    for (int round = 0; round < 1000; round++)
        for (size_t i = 0; i < sizeof data; i++)
            sum = crc_table[(sum ^ data[i]) & 0xFF] ^ (sum >> 8);
    return sum;
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static uint64_t sort(void)
{
    enum { count = 400000 };
    uint32_t *values = malloc(count * sizeof *values);
    uint64_t seed = 2;
    uint32_t sum = 0;
    require(values != NULL, "malloc");
    for (int i = 0; i < count; i++)
        values[i] = (uint32_t)next(&seed);
    qsort(values, count, sizeof *values, compare);
    for (int i = 0; i < count; i += 1000)
        sum = sum * 31 + values[i];
    free(values);
    return sum;
}

struct node { struct node *left, *right; uint32_t key; };

static uint64_t tree(void)
{
    // Short chains of dependent loads.
    enum { count = 60000 };
    struct node *nodes = calloc(count, sizeof *nodes), *root = NULL;
    uint64_t seed = 3;
    uint32_t sum = 0;
    require(nodes != NULL, "calloc");
    for (int i = 0; i < count; i++) {
        struct node **place = &root;
        nodes[i].key = (uint32_t)next(&seed);
        while (*place)
            place = nodes[i].key < (*place)->key ? &(*place)->left : &(*place)->right;
        *place = &nodes[i];
    }
    for (int round = 0; round < 8; round++)
        for (int i = 0; i < count; i++) {
            uint32_t key = nodes[(i * 7919u) % count].key;
            struct node *at = root;
            while (at->key != key) {
                at = key < at->key ? at->left : at->right;
                sum++;
            }
        }
    free(nodes);
    return sum;
}

static uint32_t __attribute__((noinline)) fibonacci(uint32_t n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

static uint64_t calls(void) { return fibonacci(37); }

static uint64_t strings(void)
{
    enum { length = 200000 };
    char *text = malloc(length + 1), *copy = malloc(length + 1);
    uint64_t seed = 5;
    uint32_t sum = 0;
    require(text != NULL && copy != NULL, "malloc");
    for (int i = 0; i < length; i++)
        text[i] = (char)('a' + next(&seed) % 26);
    text[length] = 0;
    for (int round = 0; round < 60; round++) {
        strcpy(copy, text);
        sum += (uint32_t)strlen(copy) + (uint32_t)(strstr(copy, "zzqqy") != NULL);
        uint32_t word = 0;
        for (const char *at = text; *at; at++)
            word = *at == 'e' ? (sum += word, 0) : word * 33 + (uint32_t)*at;
    }
    free(text);
    free(copy);
    return sum;
}

// Sums, products and quotients of 64 bits in registers of 32.
static uint64_t wide(void)
{
    uint64_t seed = 7, sum = 0;
    for (int i = 0; i < 4000000; i++) {
        uint64_t a = next(&seed);
        uint32_t b = (uint32_t)(a >> 40) | 1;
        sum += a / b + a * (b | 2) + (uint64_t)((int64_t)a >> (b & 31));
    }
    return sum;
}

int main(void)
{
    run("crc", crc);
    run("sort", sort);
    run("tree", tree);
    run("calls", calls);
    run("strings", strings);
    run("wide", wide);
    return 0;
}
