/* From what was recorded to columns: one tree for all threads, in pre-order.
 *
 *     recorded                    map: run -> 0, ours -> -1, f -> 1, f's namesake -> 1
 *     root                        0  run    self 5
 *     └ run 5                     1  └ f    self 3 + 4, calls 2
 *       ├ ours 1    ───────►           own_ns 1 + 2
 *       │ ├ f 3
 *       │ └ builtin 2
 *       └ f's namesake 4
 */
#include "recorder.h"

#include <stdlib.h>
#include <string.h>

/* A node of the result, in the order in which they were made: a parent before its children. */
typedef struct {
    int64_t calls, self; /* self in ticks */
    int32_t parent;      /* NO_NODE for a root */
    int32_t function;    /* as the map has it */
    int32_t thread;
} Merged;

/* The result, while it is made. */
typedef struct {
    Recorder *recorder;
    const int32_t *map;
    Merged *nodes;
    int32_t length, capacity;
    int32_t *slots; /* hash table of nodes by parent, function and thread */
    uint32_t mask;
    int64_t own; /* ticks of functions of ours */
    PyObject *roots;
} Result;

static inline uint32_t
hash(int32_t parent, int32_t function, int32_t thread)
{
    uint64_t mixed =
        ((uint64_t)(uint32_t)parent << 32 | (uint32_t)function) * UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 32) ^ (uint32_t)thread) * UINT64_C(0xC2B2AE3D27D4EB4F);
    return (uint32_t)(mixed >> 32);
}

/* The child of a node, made if there is none. */
static int32_t
child_of(Result *result, int32_t parent, int32_t function, int32_t thread)
{
    uint32_t slot = hash(parent, function, thread) & result->mask;
    for (; result->slots[slot] != NO_NODE; slot = (slot + 1) & result->mask) {
        const Merged *node = &result->nodes[result->slots[slot]];
        if (node->parent == parent && node->function == function && node->thread == thread) {
            return result->slots[slot];
        }
    }
    int32_t child = result->length++;
    result->slots[slot] = child;
    result->nodes[child] = (Merged){0, 0, parent, function, thread};
    return child;
}

/* Number a root. -1 with an exception. */
static int32_t
add_root(Result *result, const char *kind, PyObject *thread, int32_t function, int64_t tasks,
         int64_t wall_ns)
{
    PyObject *root = Py_BuildValue("(sOiLL)", kind, thread == NULL ? Py_None : thread,
                                   (int)function, (long long)tasks, (long long)wall_ns);
    int failed = root == NULL || PyList_Append(result->roots, root) < 0;
    Py_XDECREF(root);
    return failed ? -1 : (int32_t)PyList_GET_SIZE(result->roots) - 1;
}

static int64_t
tasks_of(const ThreadTree *thread, int32_t node)
{
    for (int32_t i = 0; i < thread->task_count; i++) {
        if (thread->tasks[i].node == node) {
            return thread->tasks[i].tasks;
        }
    }
    return 0;
}

/* Whether a function that one of ours called is no code of the user's: ours call that by call(). */
static inline int
is_helper(const Result *result, const Node *node)
{
    FunctionKind kind = result->recorder->functions.items[node->function].kind;
    return kind == FUNCTION_BUILTIN || kind == FUNCTION_CALLABLE;
}

/* Add a thread's tree. 0, or -1 with an exception. */
static int
add_tree(Result *result, const ThreadTree *thread, double ns_per_tick)
{
    const Tree *tree = &thread->tree;
    int64_t wall = (int64_t)((double)(thread->ended - thread->opened) * ns_per_tick);
    int32_t root = add_root(result, "thread", thread->thread, -1, 0, wall > 0 ? wall : 0);
    if (root < 0) {
        return -1;
    }
    /* Where each node went: one of the result, or NO_NODE for a root and for ours below one. */
    int32_t *place = malloc(sizeof(int32_t) * (size_t)tree->length);
    int32_t *thread_of = malloc(sizeof(int32_t) * (size_t)tree->length);
    char *ours = calloc((size_t)tree->length, 1); /* whether each is of ours */
    int failed = 0;
    if (place == NULL || thread_of == NULL || ours == NULL) {
        PyErr_NoMemory();
        failed = -1;
    }
    for (int32_t i = 0; i < tree->length && !failed; i++) {
        const Node *node = &tree->nodes[i];
        if (i < FIRST_NODE) {
            place[i] = NO_NODE;
            thread_of[i] = root;
            continue;
        }
        int32_t above = place[node->parent];
        int32_t function = result->map[node->function];
        thread_of[i] = thread_of[node->parent];
        if (node->parent == TASK_ROOT) {
            thread_of[i] = add_root(result, "task", NULL, function, tasks_of(thread, i), 0);
            failed = thread_of[i] < 0 ? -1 : 0;
        }
        int is_ours = function < 0 || (ours[node->parent] && is_helper(result, node));
        ours[i] = (char)is_ours;
        if (is_ours) {
            place[i] = above;
            result->own += node->self;
            continue;
        }
        place[i] = child_of(result, above, function, thread_of[i]);
        result->nodes[place[i]].calls += node->calls;
        result->nodes[place[i]].self += node->self;
    }
    free(place);
    free(thread_of);
    free(ours);
    return failed;
}

static int
put_column(PyObject *columns, const char *name, const int64_t *data, int32_t length)
{
    PyObject *bytes =
        PyBytes_FromStringAndSize((const char *)data, (Py_ssize_t)sizeof(int64_t) * length);
    int failed = bytes == NULL ? -1 : PyDict_SetItemString(columns, name, bytes);
    Py_XDECREF(bytes);
    return failed;
}

static int
put_number(PyObject *columns, const char *name, int64_t number)
{
    PyObject *value = PyLong_FromLongLong(number);
    int failed = value == NULL ? -1 : PyDict_SetItemString(columns, name, value);
    Py_XDECREF(value);
    return failed;
}

/* The place of each node in pre-order, children in the order in which they were first called. */
static int32_t *
pre_order(const Result *result)
{
    int32_t length = result->length;
    size_t size = sizeof(int32_t) * (size_t)(length ? length : 1);
    int32_t *child = malloc(size), *sibling = malloc(size), *order = malloc(size);
    if (child == NULL || sibling == NULL || order == NULL) {
        free(child);
        free(sibling);
        free(order);
        return NULL;
    }
    memset(child, 0xFF, size); /* NO_NODE */
    int32_t first = NO_NODE;
    for (int32_t i = length - 1; i >= 0; i--) {
        int32_t *head =
            result->nodes[i].parent == NO_NODE ? &first : &child[result->nodes[i].parent];
        sibling[i] = *head;
        *head = i;
    }
    int32_t next = 0;
    for (int32_t node = first; node != NO_NODE;) {
        order[node] = next++;
        if (child[node] != NO_NODE) {
            node = child[node];
            continue;
        }
        while (node != NO_NODE && sibling[node] == NO_NODE) {
            node = result->nodes[node].parent;
        }
        node = node == NO_NODE ? NO_NODE : sibling[node];
    }
    free(child);
    free(sibling);
    return order;
}

/* 0, or -1 with an exception. */
static int
put_columns(PyObject *columns, const Result *result, double ns_per_tick)
{
    int32_t length = result->length;
    int32_t *order = pre_order(result);
    size_t size = sizeof(int64_t) * (size_t)(length ? length : 1);
    int64_t *parent = malloc(size), *function = malloc(size), *thread = malloc(size);
    int64_t *calls = malloc(size), *self = malloc(size);
    int32_t roots = (int32_t)PyList_GET_SIZE(result->roots);
    int64_t *sums = calloc((size_t)roots, sizeof(int64_t));
    int failed = -1;
    if (!order || !parent || !function || !thread || !calls || !self || !sums) {
        PyErr_NoMemory();
    }
    else {
        for (int32_t i = 0; i < length; i++) {
            const Merged *node = &result->nodes[i];
            int32_t at = order[i];
            parent[at] = node->parent == NO_NODE ? 0 : at - order[node->parent];
            function[at] = node->function;
            thread[at] = node->thread;
            calls[at] = node->calls;
            self[at] = (int64_t)((double)node->self * ns_per_tick + 0.5);
            sums[node->thread] += self[at];
        }
        failed = put_column(columns, "parent", parent, length) < 0
                         || put_column(columns, "function", function, length) < 0
                         || put_column(columns, "thread", thread, length) < 0
                         || put_column(columns, "calls", calls, length) < 0
                         || put_column(columns, "self", self, length) < 0
                         || put_column(columns, "thread_ns", sums, roots) < 0
                     ? -1
                     : 0;
    }
    free(order);
    free(parent);
    free(function);
    free(thread);
    free(calls);
    free(self);
    free(sums);
    return failed;
}

/* What is told beside the columns. 0, or -1 with an exception. */
static int
put_sums(PyObject *columns, const Result *result, double ns_per_tick)
{
    const Recorder *recorder = result->recorder;
    int64_t events = 0, folded = 0, lost = 0, backwards = 0;
    for (const ThreadTree *thread = recorder->main; thread != NULL; thread = thread->next) {
        for (int32_t i = FIRST_NODE; i < thread->tree.length; i++) {
            events += 2 * thread->tree.nodes[i].calls;
            if (thread->tree.nodes[i].key == &tree_folded_key) {
                folded += thread->tree.nodes[i].calls;
            }
        }
        lost += thread->tree.lost;
        backwards += thread->tree.backwards;
    }
    const Tree *tree = &recorder->main->tree;
    int64_t root = tree->nodes[CELL_ROOT].self + tree->nodes[TASK_ROOT].self;
    return put_number(columns, "own_ns", (int64_t)((double)result->own * ns_per_tick)) < 0
                   || put_number(columns, "root_ns", (int64_t)((double)root * ns_per_tick)) < 0
                   || put_number(columns, "tracing_ns",
                                 (int64_t)((double)tree->tracing * ns_per_tick))
                          < 0
                   || put_number(columns, "task_tracing_ns",
                                 (int64_t)((double)recorder->main->task_tracing * ns_per_tick))
                          < 0
                   || put_number(columns, "events", events) < 0
                   || put_number(columns, "folded", folded) < 0
                   || put_number(columns, "lost", lost) < 0
                   || put_number(columns, "backwards", backwards) < 0
                   || PyDict_SetItemString(columns, "roots", result->roots) < 0
               ? -1
               : 0;
}

/* Read the map of functions. NULL with an exception. */
static int32_t *
read_map(const Recorder *recorder, PyObject *given)
{
    PyObject *map = PySequence_Tuple(given); /* of our own: an __index__ may change a list */
    if (map == NULL) {
        return NULL;
    }
    int32_t length = recorder->functions.length;
    int32_t *numbers = malloc(sizeof(int32_t) * (size_t)(length ? length : 1));
    if (numbers == NULL) {
        PyErr_NoMemory();
    }
    else if (PyTuple_GET_SIZE(map) != length) {
        PyErr_Format(PyExc_ValueError, "columns() takes one number a function: %d", (int)length);
    }
    else {
        for (int32_t i = 0; i < length && !PyErr_Occurred(); i++) {
            long number = PyLong_AsLong(PyTuple_GET_ITEM(map, i));
            if (number < -1 || number > INT32_MAX) {
                PyErr_SetString(PyExc_ValueError, "a function's number is out of range");
            }
            numbers[i] = (int32_t)number;
        }
    }
    Py_DECREF(map);
    if (PyErr_Occurred()) {
        free(numbers);
        return NULL;
    }
    return numbers;
}

/* The trees of all threads in the order in which they began: they are linked newest first. */
static int
add_trees(Result *result, double ns_per_tick)
{
    const ThreadTree *main = result->recorder->main;
    if (add_tree(result, main, ns_per_tick) < 0) {
        return -1;
    }
    size_t count = 0;
    for (const ThreadTree *thread = main->next; thread != NULL; thread = thread->next) {
        count++;
    }
    const ThreadTree **begun = malloc(sizeof *begun * (count ? count : 1));
    if (begun == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    size_t place = count;
    for (const ThreadTree *thread = main->next; thread != NULL; thread = thread->next) {
        begun[--place] = thread;
    }
    int failed = 0;
    for (size_t i = 0; i < count && !failed; i++) {
        failed = add_tree(result, begun[i], ns_per_tick);
    }
    free(begun);
    return failed;
}

PyObject *
result_columns(Recorder *recorder, PyObject *given)
{
    if (recorder->is_recording) {
        PyErr_SetString(PyExc_RuntimeError, "finish() comes before columns()");
        return NULL;
    }
    int32_t *map = read_map(recorder, given);
    if (map == NULL) {
        return NULL;
    }
    int64_t most = 0;
    for (const ThreadTree *thread = recorder->main; thread != NULL; thread = thread->next) {
        most += thread->tree.length;
    }
    Result result = {.recorder = recorder, .map = map};
    uint32_t size = 1024;
    while ((int64_t)size < most * 2 && size < UINT32_C(0x80000000)) {
        size *= 2;
    }
    result.mask = size - 1;
    result.slots = malloc(sizeof(int32_t) * size);
    result.nodes = malloc(sizeof(Merged) * (size_t)(most ? most : 1));
    result.roots = PyList_New(0);
    PyObject *columns = PyDict_New();
    int failed = result.roots == NULL || columns == NULL;
    if (!failed && (result.slots == NULL || result.nodes == NULL || most > INT32_MAX / 2)) {
        PyErr_NoMemory();
        failed = 1;
    }
    if (!failed) {
        memset(result.slots, 0xFF, sizeof(int32_t) * size); /* NO_NODE */
        double ns_per_tick = recorder_ns_per_tick(recorder);
        failed = add_trees(&result, ns_per_tick) < 0
                 || put_columns(columns, &result, ns_per_tick) < 0
                 || put_sums(columns, &result, ns_per_tick) < 0;
    }
    free(map);
    free(result.slots);
    free(result.nodes);
    Py_XDECREF(result.roots);
    if (failed) {
        Py_CLEAR(columns);
    }
    return columns;
}

PyObject *
result_functions(Recorder *recorder)
{
    const Functions *functions = &recorder->functions;
    PyObject *list = PyList_New(0);
    for (int32_t i = 0; list != NULL && i < functions->length; i++) {
        PyObject *pair =
            Py_BuildValue("(iO)", (int)functions->items[i].kind, functions->items[i].object);
        if (pair == NULL || PyList_Append(list, pair) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(pair);
    }
    return list;
}
