/* What the system declares beyond C11. */
#if defined(__APPLE__)
#define _DARWIN_C_SOURCE
#elif !defined(_WIN32)
#define _POSIX_C_SOURCE 200809L
#endif

#include "clock.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#if defined(_WIN32)
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#endif
#if CLOCK_HAS_COUNTER
#include <cpuid.h>
#endif

int clock_uses_counter = 0;

#if CLOCK_HAS_COUNTER
/* Whether the processor promises a counter of constant speed ("invariant TSC", Intel SDM 18.17),
 * and Linux found it good enough to be its own clock: it watches for cores that disagree. */
static int
counter_is_trusted(void)
{
    unsigned a, b, c, d;
    if (!__get_cpuid(0x80000007u, &a, &b, &c, &d) || !(d & (1u << 8))) {
        return 0;
    }
    char source[16] = "";
    FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "r");
    if (file == NULL) {
        return 0;
    }
    size_t length = fread(source, 1, sizeof source - 1, file);
    fclose(file);
    source[length] = '\0';
    return strcmp(source, "tsc\n") == 0;
}
#endif

void
clock_setup(int counter)
{
#if CLOCK_HAS_COUNTER
    clock_uses_counter = counter && counter_is_trusted();
#else
    (void)counter;
#endif
}

const char *
clock_name(void)
{
    if (clock_uses_counter) {
        return "wall time, the processor's counter (TSC)";
    }
#if defined(_WIN32)
    return "wall time, QueryPerformanceCounter";
#elif defined(__APPLE__)
    return "wall time, CLOCK_UPTIME_RAW";
#else
    return "wall time, CLOCK_MONOTONIC";
#endif
}

int64_t
clock_system_ns(void)
{
#if defined(_WIN32)
    static LARGE_INTEGER frequency;
    LARGE_INTEGER count;
    if (frequency.QuadPart == 0) {
        QueryPerformanceFrequency(&frequency);
    }
    QueryPerformanceCounter(&count);
    int64_t whole = count.QuadPart / frequency.QuadPart;
    int64_t rest = count.QuadPart % frequency.QuadPart;
    return whole * 1000000000 + rest * 1000000000 / frequency.QuadPart;
#elif defined(__APPLE__)
    return (int64_t)clock_gettime_nsec_np(CLOCK_UPTIME_RAW);
#else
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
#endif
}

ClockReading
clock_read_both(void)
{
    /* The tightest of some tries: between the two readings the thread may be put to sleep. */
    ClockReading best = {0, 0};
    int64_t least = INT64_MAX;
    for (int i = 0; i < 4; i++) {
        int64_t before = clock_system_ns();
        Ticks ticks = clock_ticks();
        int64_t after = clock_system_ns();
        if (after - before < least) {
            least = after - before;
            best.ns = before + least / 2;
            best.ticks = clock_uses_counter ? ticks : best.ns;
        }
    }
    return best;
}

double
clock_ns_per_tick(ClockReading from, ClockReading to)
{
    if (!clock_uses_counter || to.ticks <= from.ticks || to.ns <= from.ns) {
        return 1.0;
    }
    return (double)(to.ns - from.ns) / (double)(to.ticks - from.ticks);
}

ClockReading
clock_first_reading(void)
{
    static ClockReading first;
    if (first.ns == 0) {
        first = clock_read_both();
    }
    return first;
}

/* From this duration on, a recording's own readings say best how fast the counter runs. */
#define LONG_NS 100000000

double
clock_scale(ClockReading started, ClockReading stopped)
{
    int is_long = stopped.ns - started.ns > LONG_NS;
    return clock_ns_per_tick(is_long ? started : clock_first_reading(), stopped);
}
