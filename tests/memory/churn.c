/* Allocates without Python's lock, as libraries do that threads of Python call. */
#include <stdlib.h>

static volatile int is_stopped;

/* `times` of 600 bytes, each freed at once. Negative: until stop() is called. */
void churn(long times)
{
    is_stopped = 0;
    for (long done = 0; done != times && !is_stopped; done++) {
        volatile char *taken = malloc(600);
        taken[0] = 1;
        free((void *)taken);
    }
}

void stop(void)
{
    is_stopped = 1;
}
