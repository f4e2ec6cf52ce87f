/* The recorder: which events become calls in which tree. */
#ifndef RECORDER_RECORDER_H
#define RECORDER_RECORDER_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "clock.h"
#include "functions.h"
#include "tree.h"

#define RECORDER_MONITORS (PY_VERSION_HEX >= 0x030C0000)

/* Whether events of a thread are recorded now: in the last two. */
typedef enum {
    GATE_CLOSED,
    GATE_MUTED, /* our own machinery runs inside the cell */
    GATE_ENDED, /* nothing more comes of this thread */
    GATE_CELL,  /* what was passed to call() runs, or a thread's run() */
    GATE_TASK,  /* a task that the cell started runs in the event loop */
} Gate;

/* How many tasks began of one coroutine function. */
typedef struct {
    int32_t node; /* a child of the tree's TASK_ROOT */
    int64_t tasks;
} TaskCount;

/* What is recorded of one thread. */
typedef struct ThreadTree {
    Tree tree;
    Gate gate;
    Gate muted_from;  /* what unmute() goes back to */
    int32_t displays; /* how often the displayhook is inside itself; what it calls is left out */
    unsigned long ident;
    PyObject *thread; /* owned: the threading.Thread; NULL for the thread of the recorder */
    /* Python 3.11, frames, not owned: the one that was entered last, if nothing was left since, and
     * the one before, if it calls that. */
    const void *entered, *entered_before;
    Ticks tracing_before; /* what recording had taken when a task was entered */
    Ticks task_tracing;   /* what recording took in tasks, of the tree's tracing */
    void *run;            /* the code with which this thread's tree begins; NULL once it has */
    Ticks opened;         /* when its tree began */
    Ticks ended;
    TaskCount *tasks; /* owned */
    int32_t task_count, task_capacity;
    struct ThreadTree *next; /* owned: the tree that was begun before */
} ThreadTree;

typedef struct Recorder {
    PyObject_HEAD Functions functions;
    ThreadTree *main;      /* of the thread that made the recorder; owns all others through next */
    ThreadTree *latest;    /* the last one of another thread that an event was of; borrowed */
    unsigned long foreign; /* a thread that is not recorded, of which events came last; 0: none */
    int is_recording;      /* from start to finish */
    int was_started;
    int is_out_of_memory;
    int follows_threads;
    Ticks cost;
    int32_t limit;
    ClockReading started, stopped;
    PyObject *variable; /* owned: a ContextVar that is set while the cell runs; tasks inherit it */
    PyObject *display;  /* owned: code object of the displayhook, or NULL */
    PyObject *own;      /* owned: set of code objects of ours, which has no row */
    PyObject *thread_start, *thread_begin; /* owned: code objects of threading, or NULL */
    PyObject *begun;  /* owned: list of Thread objects that recorded code has started */
    PyObject *stacks; /* owned: dict of a suspended greenlet's id to its current node */
    int was_replaced; /* Python 3.11: another profiler took the thread */
} Recorder;

/* A tree for the thread in which this is called, if recorded code has started it. */
ThreadTree *recorder_begin_thread(Recorder *recorder, PyObject *thread);

/* Keep that recorded code starts this thread. Takes a new reference, or NULL. */
void recorder_note_start(Recorder *recorder, PyObject *thread);

/* Which thread runs: a number that no other running thread has. On x86-64 Linux a register tells,
 * and the interpreter's ident of a thread is the same. */
static inline unsigned long
thread_ident(void)
{
#if defined(__linux__) && defined(__x86_64__) && defined(__LP64__) && defined(__GNUC__)
    unsigned long ident;
    __asm__("movq %%fs:0, %0" : "=r"(ident));
    return ident;
#else
    return PyThread_get_thread_ident();
#endif
}

/* Whether events of a thread are recorded now. */
static inline int
thread_is_open(const ThreadTree *thread)
{
    return thread->gate >= GATE_CELL;
}

/* The gate is opened for a task, and closed after it. */
static inline void
thread_enter_task(ThreadTree *thread)
{
    thread->gate = GATE_TASK;
    thread->tracing_before = thread->tree.tracing;
}

static inline void
thread_leave_task(ThreadTree *thread)
{
    thread->gate = GATE_CLOSED;
    thread->task_tracing += thread->tree.tracing - thread->tracing_before;
}

/* 0, or -1 with an exception: the recorder was not made, or this is another thread than its own. */
int recorder_check(const Recorder *recorder);

/* Methods of the recorder that say when recording is on. See gate.c. */
PyObject *gate_call(PyObject *self, PyObject *const *args, Py_ssize_t count);
PyObject *gate_resume(PyObject *self, PyObject *ignored);
PyObject *gate_pause(PyObject *self, PyObject *ignored);
PyObject *gate_mute(PyObject *self, PyObject *ignored);
PyObject *gate_unmute(PyObject *self, PyObject *before);

/* The method that is told of switches between greenlets. See greenlets.c. */
PyObject *greenlets_switched(PyObject *self, PyObject *const *args, Py_ssize_t count);

/* The sources of events: one is compiled. */
#if RECORDER_MONITORS
/* The callables for sys.monitoring: a dict of the event's name to a callable. `type`: of the
 * recorder. */
PyObject *monitoring_callbacks(Recorder *recorder, PyTypeObject *type);
#else
/* Take the profile function of this thread. 0, or -1 if another one has it. */
int profilefunc_install(Recorder *recorder);
/* Give it back in all threads. */
void profilefunc_remove(Recorder *recorder);
/* Whether this thread's profile function is still ours. */
int profilefunc_is_ours(Recorder *recorder);
/* What threading.setprofile is given: called in a new thread, as sys.setprofile calls functions. */
PyObject *profilefunc_begin_thread(Recorder *recorder, PyObject *const *args, Py_ssize_t count);
#endif

/* A method of the module: calls `start`, then gives every thread the profile function. No other
 * thread runs Python code between. See profileall.c. */
PyObject *profile_all_from(PyObject *module, PyObject *const *args, Py_ssize_t count);

/* Nanoseconds a tick over this recording. */
double recorder_ns_per_tick(const Recorder *recorder);

/* The tables of what was recorded. See result.c. */
PyObject *result_functions(Recorder *recorder);
PyObject *result_columns(Recorder *recorder, PyObject *map);

/* Totals and edges of a call tree in columns. See derive.c. */
PyObject *derive_tables(PyObject *module, PyObject *args);

/* Methods of the recorder's type, to know calls of ours. */
#define RECORDER_METHODS 16
extern PyMethodDef recorder_methods[RECORDER_METHODS];
extern PyType_Spec recorder_spec;

#endif
