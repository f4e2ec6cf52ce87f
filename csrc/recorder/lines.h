/* The line recorder: hits and time of the lines of chosen code. Python 3.12 and newer.
 *
 * It is told of lines by events of the chosen code objects alone: other code runs as ever. */
#ifndef RECORDER_LINES_H
#define RECORDER_LINES_H

#include "recorder.h"

#if RECORDER_MONITORS

/* One line of one code object in one thread. */
typedef struct {
    int64_t hits;
    Ticks time;      /* in which at least one activation was at this line */
    Ticks since;     /* when the outermost of those came to it */
    int64_t present; /* how many activations are at this line */
} Cell;

/* A chosen code object. */
typedef struct {
    PyObject *code;   /* owned: so no other one gets its address */
    int32_t index;    /* in the recorder's list */
    int32_t low;      /* the line of the first cell */
    int32_t count;    /* of cells; the lines of hostile code may lie outside of them */
    int32_t units;    /* of line_at */
    int32_t *line_at; /* owned: of a generator, the line of each code unit; NULL for others */
} Chosen;

/* What one thread did in one code object. */
typedef struct {
    PyObject *code; /* borrowed from `chosen` */
    const Chosen *chosen;
    Cell *cells; /* owned: one a line, and one for all lines outside */
} Table;

/* A call that runs, or a generator that is not suspended. */
typedef struct {
    Table *table;
    Cell *cell; /* NULL before its first line */
} Activation;

/* The stack of a greenlet that is switched away from. */
typedef struct Parked {
    const void *greenlet;
    Activation *stack; /* owned */
    Py_ssize_t depth, capacity;
    struct Parked *next; /* owned */
} Parked;

typedef struct LineThread {
    unsigned long ident;
    uint64_t id;      /* the interpreter's number of the thread: no other one ever has it */
    PyObject *thread; /* owned: the threading.Thread, or NULL */
    Table **tables;   /* owned, by the index of the code; NULL where it did not run */
    int32_t table_count;
    Activation *stack; /* owned */
    Py_ssize_t depth, capacity;
    Parked *parked;          /* owned */
    struct LineThread *next; /* owned: the thread that came next */
} LineThread;

typedef struct {
    PyObject_HEAD Chosen **chosen; /* owned */
    int32_t length, capacity;
    Chosen **slots; /* owned; hash table by code object */
    uint32_t mask;
    LineThread *threads; /* owned; that of who made the recorder first */
    LineThread *latest;  /* the one that the last event was of; borrowed */
    PyObject *running;   /* owned: threading's dict of a thread's ident to its Thread, or NULL */
    int is_recording;    /* from start to finish */
    int was_started;
    int is_out_of_memory;
    int64_t lost; /* events that did not fit what was known */
    ClockReading started, stopped;
} LineRecorder;

/* What is chosen. See chosen.c. */

/* 0, or -1 with an exception. */
int chosen_add(LineRecorder *recorder, PyObject *code);
void chosen_clear(LineRecorder *recorder);

static inline Chosen *
chosen_find(const LineRecorder *recorder, const PyObject *code)
{
    if (recorder->slots == NULL) {
        return NULL;
    }
    uint32_t slot = pointer_hash(code) & recorder->mask;
    while (recorder->slots[slot] != NULL && recorder->slots[slot]->code != code) {
        slot = (slot + 1) & recorder->mask;
    }
    return recorder->slots[slot];
}

/* Threads, tables and stacks. See linestack.c. */

/* The thread that runs now. NULL where there is no memory, with no exception set. */
LineThread *line_thread_find(LineRecorder *recorder);
void line_threads_clear(LineRecorder *recorder);

/* The thread goes on in another greenlet. 0, or -1 where there is no memory, with no exception. */
int line_thread_switch(LineThread *thread, const void *from, const void *to);

/* Close what is open above this depth. */
void line_thread_cut(LineThread *thread, Py_ssize_t depth, Ticks now);

/* An activation more. NULL where the code is not chosen, or there is no memory. */
Activation *line_push(LineRecorder *recorder, LineThread *thread, PyObject *code, Ticks now);

/* The activation that an event of this code is of, when it is not the innermost one: what lies
 * above it was left without an event, or it was entered without one. NULL as above. */
Activation *line_repair(LineRecorder *recorder, LineThread *thread, PyObject *code, Ticks now);

/* No more events: there is no memory for them. */
void line_give_up(LineRecorder *recorder, Ticks now);

/* Close all that is open, in all threads. */
void line_close_all(LineRecorder *recorder, Ticks now);

/* The callables for sys.monitoring: a dict of the event's name to a callable. `type`: of the
 * recorder. See lineevents.c. */
PyObject *line_callbacks(LineRecorder *recorder, PyTypeObject *type);

extern PyType_Spec line_recorder_spec;

static inline void
cell_enter(Cell *cell, Ticks now)
{
    if (cell->present++ == 0) {
        cell->since = now;
    }
}

static inline void
cell_leave(Cell *cell, Ticks now)
{
    if (--cell->present == 0) {
        cell->time += now - cell->since;
    }
}

static inline Cell *
table_cell(const Table *table, int64_t line)
{
    /* One comparison for both ends. The last cell takes all lines that lie outside. */
    uint64_t at = (uint64_t)(line - table->chosen->low);
    uint64_t count = (uint64_t)table->chosen->count;
    return &table->cells[at < count ? at : count];
}

static inline LineThread *
line_thread(LineRecorder *recorder)
{
    if (!recorder->is_recording) {
        return NULL;
    }
    LineThread *latest = recorder->latest;
    /* A thread that ended has left no activation; its ident may be another one's now. */
    if (latest != NULL && latest->ident == thread_ident() && latest->depth > 0) {
        return latest;
    }
    return line_thread_find(recorder);
}

static inline void
line_pop(LineThread *thread, Ticks now)
{
    Cell *cell = thread->stack[--thread->depth].cell;
    if (cell != NULL) {
        cell_leave(cell, now);
    }
}

#endif
#endif
