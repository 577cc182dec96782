// Vector code of x86-64-v3: whether YMM registers stay what they are across context switches, signals and library calls, and how fast AVX2 and FMA run.
//
//   dotnet run -c Release --project benchmarks/EmuPS.Benchmarks -- mix --only vectors --cpu max
#include "part.h"

#pragma GCC target("avx2,fma")
#include <immintrin.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

typedef uint8_t registers[16][32] __attribute__((aligned(32)));

static volatile sig_atomic_t signals;

#define LOAD(n, r) "vmovdqa " #n "*32(%" #r "), %%ymm" #n "\n\t"
#define SAVE(n, r) "vmovdqa %%ymm" #n ", " #n "*32(%" #r ")\n\t"
#define ALL(f, r) f(0, r) f(1, r) f(2, r) f(3, r) f(4, r) f(5, r) f(6, r) f(7, r) f(8, r) f(9, r) f(10, r) f(11, r) f(12, r) f(13, r) f(14, r) f(15, r)
#define EVERY "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

// Holds the registers for a while, in which the timer may take the processor away, and gives them up once by itself.
static void hold(const registers in, registers out, long spins)
{
    __asm__ volatile(
        ALL(LOAD, 0)
        "mov %2, %%rbx\n1:\tdec %%rbx\n\tjnz 1b\n\t"
        "mov $24, %%eax\n\tsyscall\n\t"
        "mov %2, %%rbx\n1:\tdec %%rbx\n\tjnz 1b\n\t"
        ALL(SAVE, 1)
        : : "r"(in), "r"(out), "r"(spins) : "rax", "rbx", "rcx", "r11", "memory", EVERY);
}

// The same with legacy SSE code in between, which must leave the upper halves alone.
static void hold_sse(const registers in, registers out, long spins)
{
    __asm__ volatile(
        ALL(LOAD, 0)
        "mov %2, %%rbx\n1:\tpaddb %%xmm1, %%xmm0\n\tpsubb %%xmm1, %%xmm0\n\tdec %%rbx\n\tjnz 1b\n\t"
        ALL(SAVE, 1)
        : : "r"(in), "r"(out), "r"(spins) : "rbx", "memory", EVERY);
}

static void on_alarm(int number)
{
    (void)number;
    __m256i x = _mm256_set1_epi32((int)++signals);
    __asm__ volatile("vmovdqa %0, %%ymm0\n\tvmovdqa %0, %%ymm7\n\tvmovdqa %0, %%ymm15" : : "x"(x) : "xmm0", "xmm7", "xmm15");
}

static int keep(uint64_t seed)
{
    registers in, out;
    for (int rounds = 0; rounds < 3000; rounds++) {
        for (size_t n = 0; n < sizeof in / 8; n++)
            ((uint64_t *)in)[n] = next(&seed);
        memset(out, 0, sizeof out);
        if (rounds % 3 == 2)
            hold_sse(in, out, 1000);
        else
            hold(in, out, 10000);
        if (memcmp(in, out, sizeof in) != 0) {
            printf("registers changed in round %d\n", rounds);
            return 1;
        }
    }
    return 0;
}

// The string functions that the library chooses for this processor, at the very end of a page.
static uint64_t strings(void)
{
    char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED || mprotect(page + 4096, 4096, PROT_NONE) != 0)
        return 1;
    for (int length = 0; length < 300; length++) {
        char *text = page + 4096 - length - 1;
        memset(text, 'a', (size_t)length);
        text[length] = 0;
        char copy[301];
        if (strlen(text) != (size_t)length || strchr(text, 'b') || strcmp(strcpy(copy, text), text) != 0 || memchr(text, 0, (size_t)length + 1) != text + length) {
            printf("string functions fail at length %d\n", length);
            return (uint64_t)length + 2;
        }
    }
    return 0;
}

// Four processes at once, each with values of its own; the result is the number of them that lost some.
static uint64_t switches(void)
{
    struct sigaction action = { .sa_handler = on_alarm };
    struct itimerval every = { { 0, 3000 }, { 0, 3000 } };
    uint64_t failed = 0;
    int status;
    fflush(stdout);
    for (uint64_t n = 1; n <= 4; n++) {
        if (fork() == 0) {
            sigaction(SIGALRM, &action, 0);
            setitimer(ITIMER_REAL, &every, 0);
            status = keep(n * 0x9E3779B97F4A7C15u);
            fflush(stdout);
            _exit(status);
        }
    }
    while (wait(&status) > 0)
        failed += status != 0;
    return failed;
}

#define SIZE 192

static double a[SIZE * SIZE] __attribute__((aligned(32))), b[SIZE * SIZE] __attribute__((aligned(32))), c[SIZE * SIZE] __attribute__((aligned(32)));

static uint64_t fma_matrix(void)
{
    uint64_t state = 7, result = 0;
    for (int i = 0; i < SIZE * SIZE; i++) {
        a[i] = (double)(next(&state) % 1000);
        b[i] = (double)(next(&state) % 1000);
    }
    for (int round = 0; round < 20; round++)
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j += 8) {
                __m256d low = _mm256_setzero_pd(), high = _mm256_setzero_pd();
                for (int k = 0; k < SIZE; k++) {
                    __m256d x = _mm256_broadcast_sd(&a[i * SIZE + k]);
                    low = _mm256_fmadd_pd(x, _mm256_load_pd(&b[k * SIZE + j]), low);
                    high = _mm256_fmadd_pd(x, _mm256_load_pd(&b[k * SIZE + j + 4]), high);
                }
                _mm256_store_pd(&c[i * SIZE + j], low);
                _mm256_store_pd(&c[i * SIZE + j + 4], high);
            }
    for (int i = 0; i < SIZE * SIZE; i++)
        result = result * 31 + (uint64_t)c[i];
    return result;
}

static uint8_t bytes[1 << 16] __attribute__((aligned(32)));

static uint64_t avx2_bytes(void)
{
    uint64_t state = 9;
    for (size_t i = 0; i < sizeof bytes / 8; i++)
        ((uint64_t *)bytes)[i] = next(&state);
    __m256i sum = _mm256_setzero_si256(), zero = _mm256_setzero_si256();
    for (int round = 0; round < 10000; round++)
        for (size_t i = 0; i < sizeof bytes; i += 64) {
            __m256i x = _mm256_load_si256((__m256i *)(bytes + i)), y = _mm256_load_si256((__m256i *)(bytes + i + 32));
            sum = _mm256_add_epi64(sum, _mm256_sad_epu8(_mm256_max_epu8(x, y), zero));
        }
    return (uint64_t)_mm256_extract_epi64(sum, 0) + (uint64_t)_mm256_extract_epi64(sum, 1) + (uint64_t)_mm256_extract_epi64(sum, 2) + (uint64_t)_mm256_extract_epi64(sum, 3);
}

// Short strings, where VZEROUPPER and the calls count.
static uint64_t short_strings(void)
{
    char text[64];
    uint64_t sum = 0;
    memset(text, 'x', sizeof text);
    for (int i = 0; i < 3000000; i++) {
        text[i & 31] = 0;
        __asm__ volatile("" : : "r"(text) : "memory");
        sum += strlen(text);
        text[i & 31] = 'x';
    }
    return sum;
}

static uint64_t gathers(void)
{
    __m256i sum = _mm256_setzero_si256(), index = _mm256_setr_epi32(0, 77, 154, 231, 308, 385, 462, 539), step = _mm256_set1_epi32(13), mask = _mm256_set1_epi32(0x3FFF);
    for (int i = 0; i < 1000000; i++) {
        sum = _mm256_add_epi32(sum, _mm256_i32gather_epi32((int *)bytes, index, 4));
        index = _mm256_and_si256(_mm256_add_epi32(index, step), mask);
    }
    return (uint64_t)_mm256_extract_epi64(sum, 0) ^ (uint64_t)_mm256_extract_epi64(sum, 1) ^ (uint64_t)_mm256_extract_epi64(sum, 2) ^ (uint64_t)_mm256_extract_epi64(sum, 3);
}

int main(void)
{
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
        puts("This processor has no AVX2 and FMA.");
        return 1;
    }
    run("switches", switches);
    run("strings", strings);
    run("fma-matrix", fma_matrix);
    run("avx2-bytes", avx2_bytes);
    run("short-strings", short_strings);
    run("gathers", gathers);
    return 0;
}
