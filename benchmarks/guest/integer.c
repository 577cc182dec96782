// The integer mix: what ordinary programs do with general registers.
#include "part.h"

static uint32_t rotate(uint32_t x, int n) { return (x >> n) | (x << (32 - n)); }

// The constants of SHA-256 are the fractions of the cube roots of primes; made here instead of being listed.
static uint32_t constants[64];

static void make_constants(void)
{
    int found = 0;
    for (uint32_t n = 2; found < 64; n++) {
        int prime = 1;
        for (uint32_t d = 2; d * d <= n; d++)
            prime &= n % d != 0;
        if (!prime)
            continue;
        // Bits of the fraction by bisection, in integers: the greatest r with r^3 <= n * 2^96.
        unsigned __int128 low = 0, high = (unsigned __int128)8 << 32;
        while (high - low > 1) {
            unsigned __int128 middle = (low + high) / 2;
            unsigned __int128 square = middle * middle;
            // middle < 2^35, so middle^3 < 2^105 fits; n * 2^96 does too.
            if (square * middle <= (unsigned __int128)n << 96)
                low = middle;
            else
                high = middle;
        }
        constants[found++] = (uint32_t)low;
    }
}

static uint64_t sha256(void)
{
    static uint8_t data[1 << 16];
    uint64_t seed = 1;
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)next(&seed);
    make_constants();
    uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int round = 0; round < 150; round++)
        for (size_t at = 0; at < sizeof data; at += 64) {
            uint32_t w[64];
            for (int i = 0; i < 16; i++)
                w[i] = (uint32_t)data[at + 4 * i] << 24 | (uint32_t)data[at + 4 * i + 1] << 16 | (uint32_t)data[at + 4 * i + 2] << 8 | data[at + 4 * i + 3];
            for (int i = 16; i < 64; i++) {
                uint32_t a = w[i - 15], b = w[i - 2];
                w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ (a >> 3)) + w[i - 7] + (rotate(b, 17) ^ rotate(b, 19) ^ (b >> 10));
            }
            uint32_t s[8];
            memcpy(s, h, sizeof s);
            for (int i = 0; i < 64; i++) {
                uint32_t e = s[4], a = s[0];
                uint32_t t1 = s[7] + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & s[5]) ^ (~e & s[6])) + constants[i] + w[i];
                uint32_t t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
                s[7] = s[6]; s[6] = s[5]; s[5] = s[4]; s[4] = s[3] + t1; s[3] = s[2]; s[2] = s[1]; s[1] = s[0]; s[0] = t1 + t2;
            }
            for (int i = 0; i < 8; i++)
                h[i] += s[i];
        }
    return (uint64_t)h[0] << 32 | h[7];
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
    uint64_t seed = 2, sum = 0;
    for (int i = 0; i < count; i++)
        values[i] = (uint32_t)next(&seed);
    qsort(values, count, sizeof *values, compare);
    for (int i = 0; i < count; i += 1000)
        sum = sum * 31 + values[i];
    free(values);
    return sum;
}

struct node { struct node *left, *right; uint64_t key; };

static uint64_t list(void)
{
    // A search tree of small nodes: short chains of dependent loads.
    enum { count = 60000 };
    struct node *nodes = calloc(count, sizeof *nodes), *root = NULL;
    uint64_t seed = 3, sum = 0;
    for (int i = 0; i < count; i++) {
        struct node **place = &root;
        nodes[i].key = next(&seed);
        while (*place)
            place = nodes[i].key < (*place)->key ? &(*place)->left : &(*place)->right;
        *place = &nodes[i];
    }
    for (int round = 0; round < 8; round++)
        for (int i = 0; i < count; i++) {
            uint64_t key = nodes[(i * 7919u) % count].key;
            struct node *at = root;
            while (at->key != key) {
                at = key < at->key ? at->left : at->right;
                sum++;
            }
        }
    free(nodes);
    return sum;
}

static uint64_t matrix(void)
{
    enum { n = 192 };
    static int32_t a[n][n], b[n][n], c[n][n];
    uint64_t seed = 4, sum = 0;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            a[i][j] = (int32_t)(next(&seed) & 0xFFFF);
            b[i][j] = (int32_t)(next(&seed) & 0xFFFF);
        }
    for (int round = 0; round < 20; round++)
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++) {
                int32_t x = a[i][k];
                for (int j = 0; j < n; j++)
                    c[i][j] += x * b[k][j];
            }
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            sum = sum * 31 + (uint32_t)c[i][j];
    return sum;
}

static uint64_t strings(void)
{
    enum { length = 200000 };
    char *text = malloc(length + 1), *copy = malloc(length + 1);
    uint64_t seed = 5, sum = 0;
    for (int i = 0; i < length; i++)
        text[i] = (char)('a' + next(&seed) % 26);
    text[length] = 0;
    for (int round = 0; round < 60; round++) {
        strcpy(copy, text);
        sum += strlen(copy) + (uint64_t)(strstr(copy, "zzqqy") != NULL);
        for (char *at = copy; (at = strchr(at, 'q')) != NULL; at++)
            sum += (uint64_t)(at - copy);
        // What a parser does: byte by byte.
        uint64_t word = 0;
        for (const char *at = text; *at; at++)
            word = *at == 'e' ? (sum += word, 0) : word * 33 + (uint64_t)*at;
    }
    free(text);
    free(copy);
    return sum;
}

static uint64_t crc(void)
{
    static uint32_t table[256];
    static uint8_t data[1 << 16];
    uint64_t seed = 6;
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t x = i;
        for (int bit = 0; bit < 8; bit++)
            x = x & 1 ? (x >> 1) ^ 0xEDB88320u : x >> 1;
        table[i] = x;
    }
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)next(&seed);
    uint32_t sum = ~0u;
    for (int round = 0; round < 1000; round++)
        for (size_t i = 0; i < sizeof data; i++)
            sum = table[(sum ^ data[i]) & 0xFF] ^ (sum >> 8);
    return sum;
}

static uint64_t division(void)
{
    uint64_t seed = 7, sum = 0;
    for (int i = 0; i < 6000000; i++) {
        uint64_t a = next(&seed);
        uint32_t b = (uint32_t)(a >> 40) | 1;
        sum += a / b + a % (b | 2) + (uint64_t)((int64_t)a / (int32_t)(b | 4)) + (uint32_t)a / (b & 0xFFF | 1);
    }
    return sum;
}

int main(void)
{
    run("sha256", sha256);
    run("sort", sort);
    run("list", list);
    run("matrix", matrix);
    run("strings", strings);
    run("crc", crc);
    run("division", division);
    return 0;
}
