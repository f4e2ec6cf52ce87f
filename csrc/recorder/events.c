/* What becomes of the few events that events.h has no short way for. */
#include "events.h"

#include <stdlib.h>

/* Stop recording for want of memory; what is there stays, and the profile says so. */
static void
out_of_memory(Recorder *recorder, ThreadTree *thread)
{
    recorder->is_out_of_memory = 1;
    thread->gate = GATE_ENDED;
}

/* Time that passed since `now` was spent here, and not by the function that is entered. */
static void
leave_out(Tree *tree, Ticks now)
{
    Ticks after = clock_ticks();
    if (after > now) {
        tree->tracing += after - now;
    }
    tree->last = after;
}

/* Open what stands for all calls below a full tree. One node a parent: so their number is bounded
 * by that of the others. */
static void
fold(Recorder *recorder, ThreadTree *thread)
{
    Tree *tree = &thread->tree;
    if (tree->nodes[tree->current].key == &tree_folded_key) {
        tree->folding++;
        tree->nodes[tree->current].calls++;
        return;
    }
    int32_t node = tree_find(tree, &tree_folded_key);
    if (node == NO_NODE) {
        int32_t function = functions_folded(&recorder->functions);
        node = function < 0 ? NO_NODE : tree_add(tree, &tree_folded_key, function);
    }
    if (node == NO_NODE) {
        out_of_memory(recorder, thread);
        return;
    }
    tree->folding = 0;
    tree_open(tree, node);
}

void
events_open_other(Recorder *recorder, ThreadTree *thread, void *key, PyObject *object,
                  PyObject *self, int is_code, Ticks now)
{
    Tree *tree = &thread->tree;
    int32_t child = tree_find(tree, key);
    if (child != NO_NODE) {
        tree_open(tree, child);
        return;
    }
    if (tree->length >= tree->limit || tree->nodes[tree->current].key == &tree_folded_key) {
        fold(recorder, thread);
        return;
    }
    Functions *functions = &recorder->functions;
    int32_t function = is_code ? functions_code(functions, object)
                               : functions_callable(functions, key, object, self);
    child = function < 0 ? NO_NODE : tree_add(tree, key, function);
    if (child == NO_NODE) {
        out_of_memory(recorder, thread);
        return;
    }
    tree_open(tree, child);
    leave_out(tree, now);
}

void
events_close_late(Recorder *recorder, Tree *tree, void *key, PyObject *code)
{
    if (tree->nodes[tree->current].key == &tree_folded_key) {
        /* Calls below a full tree are counted, not told apart. */
        if (tree->folding > 0) {
            tree->folding--;
        }
        else {
            tree->current = tree->nodes[tree->current].parent;
        }
        return;
    }
    if (code != NULL && recorder->own != NULL && PySet_Contains(recorder->own, code) == 1) {
        return; /* of ours: it was left when recording was turned off inside it */
    }
    if (!tree_close(tree, key)) {
        tree->lost++; /* it began before recording did, or on another stack */
    }
}

void
events_count_task(ThreadTree *thread, int32_t node)
{
    for (int32_t i = 0; i < thread->task_count; i++) {
        if (thread->tasks[i].node == node) {
            thread->tasks[i].tasks++;
            return;
        }
    }
    if (thread->task_count == thread->task_capacity) {
        int32_t capacity = thread->task_capacity ? thread->task_capacity * 2 : 8;
        TaskCount *tasks = realloc(thread->tasks, sizeof(TaskCount) * (size_t)capacity);
        if (tasks == NULL) {
            return; /* only the number is not known then */
        }
        thread->tasks = tasks;
        thread->task_capacity = capacity;
    }
    thread->tasks[thread->task_count++] = (TaskCount){node, 1};
}

/* Whether this code begins or resumes a task that the cell has started: it is a coroutine, and its
 * context is a copy of the cell's. */
static int
is_task_of_cell(Recorder *recorder, PyObject *code)
{
    const int kinds = CO_COROUTINE | CO_ITERABLE_COROUTINE | CO_ASYNC_GENERATOR;
    if (recorder->variable == NULL || !(((PyCodeObject *)code)->co_flags & kinds)) {
        return 0;
    }
    PyObject *value = NULL;
    if (PyContextVar_Get(recorder->variable, NULL, &value) < 0) {
        PyErr_Clear();
        return 0;
    }
    int is_set = value != NULL;
    Py_XDECREF(value);
    return is_set;
}

int
events_open_gate(Recorder *recorder, ThreadTree *thread, PyObject *code, Ticks now)
{
    if (!recorder->is_recording || thread->gate != GATE_CLOSED) {
        return 0;
    }
    if (thread->run != NULL) {
        if (thread->run != (void *)code) {
            return 0;
        }
        thread->run = NULL;
        thread->gate = GATE_CELL;
        thread->opened = now;
    }
    else if (thread == recorder->main && is_task_of_cell(recorder, code)) {
        thread_enter_task(thread);
        thread->tree.current = TASK_ROOT;
    }
    else {
        return 0;
    }
    thread->tree.last = now;
    return 1;
}

ThreadTree *
events_other_thread(Recorder *recorder, unsigned long ident)
{
    ThreadTree *thread = recorder->latest;
    if (ident == recorder->foreign) {
        return NULL;
    }
    if (thread != NULL && thread->ident == ident) {
        return thread;
    }
    /* The newest first: an ident may be used again when a thread has ended. */
    for (thread = recorder->main->next; thread != NULL; thread = thread->next) {
        if (thread->ident == ident) {
            recorder->latest = thread;
            return thread;
        }
    }
    recorder->foreign = ident;
    return NULL;
}

void
recorder_note_start(Recorder *recorder, PyObject *thread)
{
    if (thread == NULL || PyList_Append(recorder->begun, thread) < 0) {
        PyErr_Clear();
    }
    Py_XDECREF(thread);
}

/* Code object of the run() of a thread, borrowed from it or its class; NULL where it is no Python
 * code. Found without running code of the user's. */
static PyObject *
run_code(PyObject *thread)
{
    PyObject *name = PyUnicode_InternFromString("run");
    PyObject *own = PyObject_GenericGetDict(thread, NULL);
    PyObject *run = NULL;
    if (name != NULL && own != NULL && PyDict_CheckExact(own)) {
        run = PyDict_GetItemWithError(own, name);
    }
    if (name != NULL && run == NULL) {
        run = _PyType_Lookup(Py_TYPE(thread), name);
    }
    Py_XDECREF(name);
    Py_XDECREF(own);
    PyErr_Clear();
    if (run != NULL && PyMethod_Check(run)) {
        run = PyMethod_GET_FUNCTION(run);
    }
    return run != NULL && PyFunction_Check(run) ? PyFunction_GET_CODE(run) : NULL;
}

ThreadTree *
recorder_begin_thread(Recorder *recorder, PyObject *thread)
{
    int is_wanted = 0;
    Py_ssize_t count = recorder->begun == NULL ? 0 : PyList_GET_SIZE(recorder->begun);
    for (Py_ssize_t i = 0; i < count && !is_wanted; i++) {
        is_wanted = PyList_GET_ITEM(recorder->begun, i) == thread;
    }
    ThreadTree *begun = is_wanted ? calloc(1, sizeof(ThreadTree)) : NULL;
    if (begun == NULL) {
        return NULL;
    }
    if (tree_init(&begun->tree, recorder->limit, recorder->cost) < 0) {
        tree_clear(&begun->tree);
        free(begun);
        recorder->is_out_of_memory = 1;
        return NULL;
    }
    begun->ident = thread_ident();
    begun->thread = Py_NewRef(thread);
    begun->opened = begun->tree.last = clock_ticks();
    begun->run = run_code(thread);
    begun->gate = begun->run == NULL ? GATE_CELL : GATE_CLOSED;
    begun->next = recorder->main->next;
    recorder->main->next = begun;
    recorder->latest = begun;
    recorder->foreign = 0;
    return begun;
}
