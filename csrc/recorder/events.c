/* What becomes of an event, whatever told it. */
#include "recorder.h"

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

typedef int32_t (*FunctionOf)(Recorder *recorder, void *key, PyObject *object, PyObject *self);

static int32_t
code_function(Recorder *recorder, void *key, PyObject *object, PyObject *self)
{
    (void)key, (void)self;
    return functions_code(&recorder->functions, object);
}

static int32_t
callable_function(Recorder *recorder, void *key, PyObject *object, PyObject *self)
{
    return functions_callable(&recorder->functions, key, object, self);
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

static inline void
open_child(Recorder *recorder, ThreadTree *thread, void *key, FunctionOf function_of,
           PyObject *object, PyObject *self, Ticks now)
{
    Tree *tree = &thread->tree;
    tree_charge(tree, now);
    int32_t child = tree_guess(tree, key);
    if (child == NO_NODE) {
        child = tree_find(tree, key);
    }
    if (child != NO_NODE) {
        tree_open(tree, child);
        return;
    }
    if (tree->length >= tree->limit || tree->nodes[tree->current].key == &tree_folded_key) {
        fold(recorder, thread);
        return;
    }
    int32_t function = function_of(recorder, key, object, self);
    child = function < 0 ? NO_NODE : tree_add(tree, key, function);
    if (child == NO_NODE) {
        out_of_memory(recorder, thread);
        return;
    }
    tree_open(tree, child);
    leave_out(tree, now);
}

/* Close a call that does not fit what is open. */
static void
close_late(Recorder *recorder, Tree *tree, void *key, PyObject *code)
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

static inline void
close_current(Recorder *recorder, ThreadTree *thread, void *key, PyObject *code, Ticks now)
{
    Tree *tree = &thread->tree;
    tree_charge(tree, now);
    const Node *node = &tree->nodes[tree->current];
    if (node->key == key) {
        tree->current = node->parent;
    }
    else {
        close_late(recorder, tree, key, code);
    }
    if (tree->current == TASK_ROOT) {
        thread_leave_task(thread);
    }
}

/* Count a task that begins. */
static void
count_task(ThreadTree *thread, int32_t node)
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

/* Open a closed gate, where this code is what it waits for. Returns whether it is open now. */
static int
opens(Recorder *recorder, ThreadTree *thread, PyObject *code, Ticks now)
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

static inline int
is_open(const ThreadTree *thread)
{
    return thread->gate == GATE_CELL || thread->gate == GATE_TASK;
}

void
recorder_enter(Recorder *recorder, ThreadTree *thread, PyObject *code, int begins, Ticks now)
{
    if (!is_open(thread) && !opens(recorder, thread, code, now)) {
        return;
    }
    if (thread->displays > 0) {
        thread->displays += code == recorder->display;
        return;
    }
    open_child(recorder, thread, code, code_function, code, NULL, now);
    if (code == recorder->display) {
        thread->displays = 1;
    }
    const Tree *tree = &thread->tree;
    if (begins && thread->gate == GATE_TASK && tree->nodes[tree->current].parent == TASK_ROOT) {
        count_task(thread, tree->current);
    }
}

void
recorder_leave(Recorder *recorder, ThreadTree *thread, PyObject *code, Ticks now)
{
    if (!is_open(thread)) {
        return;
    }
    if (thread->displays > 0) {
        thread->displays -= code == recorder->display;
        if (thread->displays > 0 || code != recorder->display) {
            return;
        }
    }
    close_current(recorder, thread, code, code, now);
    if (thread != recorder->main && thread->gate == GATE_CELL
        && thread->tree.current == CELL_ROOT) {
        thread->gate = GATE_ENDED; /* its run() has ended */
        thread->ended = now;
    }
}

/* Whether this is a call of the recorder's own: one that turns recording on or off. */
static inline int
is_ours(const void *key)
{
    const PyMethodDef *method = key;
    return method >= recorder_methods && method < recorder_methods + RECORDER_METHODS;
}

void
recorder_enter_callable(Recorder *recorder, ThreadTree *thread, PyObject *callable, PyObject *self,
                        Ticks now)
{
    if (!is_open(thread) || thread->displays > 0) {
        return;
    }
    void *key = functions_key(&recorder->functions, callable, self);
    if (key != NULL && !is_ours(key)) {
        open_child(recorder, thread, key, callable_function, callable, self, now);
    }
}

void
recorder_leave_callable(Recorder *recorder, ThreadTree *thread, PyObject *callable, PyObject *self,
                        Ticks now)
{
    if (!is_open(thread) || thread->displays > 0) {
        return;
    }
    void *key = functions_key(&recorder->functions, callable, self);
    if (key != NULL && !is_ours(key)) {
        close_current(recorder, thread, key, NULL, now);
    }
}

ThreadTree *
recorder_other_thread(Recorder *recorder, unsigned long ident)
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
    begun->ident = PyThread_get_thread_ident();
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
