// The floating point mix: scalar and vector SSE2, and conversions.
#include "part.h"
#include <math.h>

static uint64_t bits(double x)
{
    uint64_t b;
    memcpy(&b, &x, sizeof b);
    return b;
}

struct body { double x, y, z, vx, vy, vz, mass; };

static uint64_t nbody(void)
{
    enum { count = 5 };
    struct body all[count];
    uint64_t seed = 1;
    for (int i = 0; i < count; i++) {
        double *field = (double *)&all[i];
        for (int f = 0; f < 7; f++)
            field[f] = (double)(next(&seed) % 1000) / 100 + 0.1;
    }
    for (int step = 0; step < 400000; step++) {
        for (int i = 0; i < count; i++)
            for (int j = i + 1; j < count; j++) {
                double dx = all[i].x - all[j].x, dy = all[i].y - all[j].y, dz = all[i].z - all[j].z;
                double square = dx * dx + dy * dy + dz * dz + 0.01;
                double pull = 0.001 / (square * sqrt(square));
                all[i].vx -= dx * all[j].mass * pull; all[i].vy -= dy * all[j].mass * pull; all[i].vz -= dz * all[j].mass * pull;
                all[j].vx += dx * all[i].mass * pull; all[j].vy += dy * all[i].mass * pull; all[j].vz += dz * all[i].mass * pull;
            }
        for (int i = 0; i < count; i++) {
            all[i].x += 0.001 * all[i].vx; all[i].y += 0.001 * all[i].vy; all[i].z += 0.001 * all[i].vz;
        }
    }
    return bits(all[0].x) ^ bits(all[4].vz);
}

static uint64_t mandelbrot(void)
{
    uint64_t sum = 0;
    for (int py = 0; py < 240; py++)
        for (int px = 0; px < 320; px++) {
            double cx = -2.2 + px * 0.01, cy = -1.2 + py * 0.01, x = 0, y = 0;
            int n = 0;
            while (n < 500 && x * x + y * y < 4) {
                double t = x * x - y * y + cx;
                y = 2 * x * y + cy;
                x = t;
                n++;
            }
            sum = sum * 31 + (uint64_t)n;
        }
    return sum;
}

static double element(int i, int j) { return 1.0 / ((double)((i + j) * (i + j + 1) / 2) + i + 1); }

static uint64_t spectral(void)
{
    enum { n = 300 };
    static double u[n], v[n], t[n];
    for (int i = 0; i < n; i++)
        u[i] = 1;
    for (int round = 0; round < 20; round++) {
        for (int half = 0; half < 2; half++) {
            double *in = half ? v : u, *out = half ? u : v;
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++)
                    sum += element(i, j) * in[j];
                t[i] = sum;
            }
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++)
                    sum += element(j, i) * t[j];
                out[i] = sum;
            }
        }
    }
    double a = 0, b = 0;
    for (int i = 0; i < n; i++) {
        a += u[i] * v[i];
        b += v[i] * v[i];
    }
    return bits(sqrt(a / b));
}

static uint64_t conversions(void)
{
    uint64_t seed = 2, sum = 0;
    double total = 0;
    float small = 0;
    for (int i = 0; i < 10000000; i++) {
        int64_t x = (int64_t)next(&seed);
        double d = (double)x * 1e-9;
        float f = (float)d;
        small += f * 1e-12f;
        total += (double)f + (double)(int32_t)x;
        sum += (uint64_t)(int64_t)d + (uint32_t)(int32_t)(f * 1e-3f);
    }
    return sum ^ bits(total) ^ bits(small);
}

int main(void)
{
    run("nbody", nbody);
    run("mandelbrot", mandelbrot);
    run("spectral-norm", spectral);
    run("conversions", conversions);
    return 0;
}
