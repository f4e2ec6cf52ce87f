/* What each thread does: its tables of lines, and the stack of what runs in it. */
#include "lines.h"

#if RECORDER_MONITORS

/* Activations of a new thread's stack. */
#define FIRST_CAPACITY 64

/* The Thread object of threading that has this ident. New reference, or NULL without an exception.
 */
static PyObject *
thread_object(const LineRecorder *recorder, unsigned long ident)
{
    PyObject *key = recorder->running == NULL ? NULL : PyLong_FromUnsignedLong(ident);
    PyObject *thread = key == NULL ? NULL : PyDict_GetItemWithError(recorder->running, key);
    Py_XINCREF(thread);
    Py_XDECREF(key);
    PyErr_Clear();
    return thread;
}

LineThread *
line_thread_find(LineRecorder *recorder)
{
    uint64_t id = PyThreadState_GetID(PyThreadState_Get());
    LineThread **at = &recorder->threads;
    while (*at != NULL && (*at)->id != id) {
        at = &(*at)->next;
    }
    if (*at == NULL) {
        LineThread *thread = PyMem_RawCalloc(1, sizeof(LineThread));
        if (thread == NULL) {
            line_give_up(recorder, clock_ticks());
            return NULL;
        }
        thread->ident = thread_ident();
        thread->id = id;
        thread->thread = thread_object(recorder, thread->ident);
        *at = thread;
    }
    return recorder->latest = *at;
}

/* Take the stack of a greenlet that was parked, where it has one. */
static void
unpark(LineThread *thread, const void *greenlet)
{
    Parked **at = &thread->parked;
    while (*at != NULL && (*at)->greenlet != greenlet) {
        at = &(*at)->next;
    }
    Parked *parked = *at;
    if (parked == NULL) {
        return;
    }
    *at = parked->next;
    PyMem_RawFree(thread->stack);
    thread->stack = parked->stack;
    thread->depth = parked->depth;
    thread->capacity = parked->capacity;
    PyMem_RawFree(parked);
}

void
line_threads_clear(LineRecorder *recorder)
{
    LineThread *thread = recorder->threads;
    recorder->threads = recorder->latest = NULL;
    while (thread != NULL) {
        LineThread *next = thread->next;
        for (int32_t index = 0; index < thread->table_count; index++) {
            if (thread->tables[index] != NULL) {
                PyMem_RawFree(thread->tables[index]->cells);
                PyMem_RawFree(thread->tables[index]);
            }
        }
        PyMem_RawFree(thread->tables);
        while (thread->parked != NULL) {
            unpark(thread, thread->parked->greenlet);
        }
        PyMem_RawFree(thread->stack);
        Py_XDECREF(thread->thread);
        PyMem_RawFree(thread);
        thread = next;
    }
}

static Table *
new_table(const Chosen *chosen)
{
    Table *table = PyMem_RawCalloc(1, sizeof(Table));
    Cell *cells = PyMem_RawCalloc((size_t)chosen->count + 1, sizeof(Cell));
    if (table == NULL || cells == NULL) {
        PyMem_RawFree(table);
        PyMem_RawFree(cells);
        return NULL;
    }
    table->code = chosen->code;
    table->chosen = chosen;
    table->cells = cells;
    return table;
}

/* The thread's table of a code object. NULL where there is no memory. */
static Table *
find_table(const LineRecorder *recorder, LineThread *thread, const Chosen *chosen)
{
    if (chosen->index >= thread->table_count) {
        size_t count = (size_t)recorder->capacity;
        Table **tables = PyMem_RawRealloc(thread->tables, sizeof(Table *) * count);
        if (tables == NULL) {
            return NULL;
        }
        for (size_t index = (size_t)thread->table_count; index < count; index++) {
            tables[index] = NULL;
        }
        thread->tables = tables;
        thread->table_count = (int32_t)count;
    }
    Table **table = &thread->tables[chosen->index];
    if (*table == NULL) {
        *table = new_table(chosen);
    }
    return *table;
}

/* Whether there is room for one more activation. */
static int
has_room(LineThread *thread)
{
    if (thread->depth < thread->capacity) {
        return 1;
    }
    Py_ssize_t capacity = thread->capacity == 0 ? FIRST_CAPACITY : 2 * thread->capacity;
    Activation *stack = PyMem_RawRealloc(thread->stack, sizeof(Activation) * (size_t)capacity);
    if (stack == NULL) {
        return 0;
    }
    thread->stack = stack;
    thread->capacity = capacity;
    return 1;
}

int
line_thread_switch(LineThread *thread, const void *from, const void *to)
{
    if (thread->depth > 0) {
        Parked *parked = PyMem_RawMalloc(sizeof(Parked));
        if (parked == NULL) {
            return -1;
        }
        *parked = (Parked){from, thread->stack, thread->depth, thread->capacity, thread->parked};
        thread->parked = parked;
        thread->stack = NULL;
        thread->depth = thread->capacity = 0;
    }
    unpark(thread, to);
    return 0;
}

void
line_thread_cut(LineThread *thread, Py_ssize_t depth, Ticks now)
{
    while (thread->depth > depth) {
        line_pop(thread, now);
    }
}

Activation *
line_push(LineRecorder *recorder, LineThread *thread, PyObject *code, Ticks now)
{
    const Chosen *chosen = chosen_find(recorder, code);
    if (chosen == NULL) {
        return NULL;
    }
    Table *table = find_table(recorder, thread, chosen);
    if (table == NULL || !has_room(thread)) {
        line_give_up(recorder, now);
        return NULL;
    }
    Activation *top = &thread->stack[thread->depth++];
    top->table = table;
    top->cell = NULL;
    return top;
}

Activation *
line_repair(LineRecorder *recorder, LineThread *thread, PyObject *code, Ticks now)
{
    for (Py_ssize_t depth = thread->depth; depth > 0; depth--) {
        if (thread->stack[depth - 1].table->code == code) {
            recorder->lost += thread->depth - depth;
            line_thread_cut(thread, depth, now);
            return &thread->stack[depth - 1];
        }
    }
    Activation *top = line_push(recorder, thread, code, now);
    recorder->lost += top != NULL;
    return top;
}

void
line_give_up(LineRecorder *recorder, Ticks now)
{
    recorder->is_out_of_memory = 1;
    recorder->is_recording = 0;
    line_close_all(recorder, now);
}

void
line_close_all(LineRecorder *recorder, Ticks now)
{
    for (LineThread *thread = recorder->threads; thread != NULL; thread = thread->next) {
        line_thread_cut(thread, 0, now);
        while (thread->parked != NULL) {
            unpark(thread, thread->parked->greenlet);
            line_thread_cut(thread, 0, now);
        }
    }
}
#endif
