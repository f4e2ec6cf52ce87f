/* The clock of the recorder: the processor's counter where it can be trusted, else the system's.
 *
 * Reading the system's clock is a third of what recording an event costs. The counter of x86-64
 * processors may stand in for it where the kernel itself keeps time by it: then it runs at one
 * speed, in all sleep states, equal on all cores. It is scaled to nanoseconds by the system's
 * monotonic clock, which is read at both ends of every recording. */
#ifndef RECORDER_CLOCK_H
#define RECORDER_CLOCK_H

#include <stdint.h>

#if defined(__x86_64__) && defined(__linux__)
#define CLOCK_HAS_COUNTER 1
#include <x86intrin.h>
#else
#define CLOCK_HAS_COUNTER 0
#endif

/* A reading of the clock that events are charged by: of the counter, else nanoseconds. */
typedef int64_t Ticks;

/* Both clocks read at one moment. */
typedef struct {
    Ticks ticks;
    int64_t ns; /* of the system's monotonic clock */
} ClockReading;

/* Whether the counter is used. Set once by clock_setup(). */
extern int clock_uses_counter;

/* Choose the clock; `counter` 0 asks for the system's. Safe to call again, while nothing records.
 */
void clock_setup(int counter);

/* What the clock is called, in words. */
const char *clock_name(void);

/* The system's monotonic clock in nanoseconds. */
int64_t clock_system_ns(void);

ClockReading clock_read_both(void);

/* Nanoseconds a tick, as measured between two readings; 1 where ticks are nanoseconds. */
double clock_ns_per_tick(ClockReading from, ClockReading to);

/* Readings of both clocks when this was first called, by the first recorder that was made: the
 * longer ago, the better the counter can be scaled. */
ClockReading clock_first_reading(void);

/* Nanoseconds a tick of a recording that was started and stopped at these readings. */
double clock_scale(ClockReading started, ClockReading stopped);

static inline Ticks
clock_ticks(void)
{
#if CLOCK_HAS_COUNTER
    if (clock_uses_counter) {
        return (Ticks)__rdtsc();
    }
#endif
    return clock_system_ns();
}

#endif
