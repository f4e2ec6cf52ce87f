/* From what was recorded to columns: one tree for all threads, in pre-order, children in the order
 * in which they were first called.
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

/* The columns, one number a node. */
enum { PARENT, FUNCTION, THREAD, CALLS, SELF, COLUMNS };

static const char *const column_names[] = {"parent", "function", "thread", "calls", "self"};

/* The result, while it is made. */
typedef struct {
    Recorder *recorder;
    int32_t *map;      /* owned: of each function, its number; -1 for one of ours */
    int32_t *namesake; /* owned: of each function, one that has its number; the same for all */
    double ns_per_tick;
    PyObject *arrays[COLUMNS]; /* owned */
    Py_buffer buffers[COLUMNS];
    int64_t *columns[COLUMNS]; /* their memory */
    int32_t length;            /* rows that are written */
    /* Owned, of each function that stands for its namesakes: the row under which it was met last,
     * and as which of that row's children. */
    int32_t *met_under;
    int32_t *met_as;
    PyObject *roots; /* owned */
    int64_t own;     /* ticks of functions of ours */
    int64_t events, folded;
} Result;

/* A tree that is taken over. Nodes of ours are passed over: what they call is called by what calls
 * them. A row may have several nodes, of namesakes: they form a chain. */
typedef struct {
    const Node *nodes;
    int32_t *child;   /* of each node, the first that is called by it */
    int32_t *sibling; /* of each node, the next that is called by the same */
    int32_t *chained; /* of each node, the next of the same row */
    int32_t *root;    /* of each node */
    int32_t *above;   /* of each node, itself or what it is called by, the first that is not ours */
} Source;

/* A row that is still to be written. */
typedef struct {
    int32_t node;  /* the first of its chain */
    int32_t above; /* the row of what calls it; NO_NODE for none */
} Pending;

static void
source_clear(Source *source)
{
    free(source->child);
    free(source->sibling);
    free(source->chained);
    free(source->root);
    free(source->above);
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

/* Find who calls whom. 0, or -1 with an exception. */
static int
read_source(Result *result, const ThreadTree *thread, Source *source)
{
    const Tree *tree = &thread->tree;
    size_t size = sizeof(int32_t) * (size_t)tree->length;
    int64_t wall = (int64_t)((double)(thread->ended - thread->opened) * result->ns_per_tick);
    int32_t root = add_root(result, "thread", thread->thread, -1, 0, wall > 0 ? wall : 0);
    if (root < 0) {
        return -1;
    }
    source->nodes = tree->nodes;
    source->child = malloc(size);
    source->sibling = malloc(size);
    source->chained = malloc(size);
    source->root = malloc(size);
    source->above = malloc(size);
    if (!source->child || !source->sibling || !source->chained || !source->root || !source->above) {
        PyErr_NoMemory();
        return -1;
    }
    memset(source->child, 0xFF, size); /* NO_NODE */
    memset(source->chained, 0xFF, size);
    for (int32_t i = 0; i < FIRST_NODE; i++) {
        source->root[i] = root;
        source->above[i] = CELL_ROOT; /* who calls a task is not asked: it has a root of its own */
    }
    for (int32_t i = FIRST_NODE; i < tree->length; i++) {
        const Node *node = &tree->nodes[i];
        int32_t parent = node->parent, function = result->map[node->function];
        result->events += 2 * node->calls;
        if (node->key == &tree_folded_key) {
            result->folded += node->calls;
        }
        source->root[i] = source->root[parent];
        if (parent == TASK_ROOT) {
            source->root[i] = add_root(result, "task", NULL, function, tasks_of(thread, i), 0);
            if (source->root[i] < 0) {
                return -1;
            }
        }
        int is_below_ours = parent >= FIRST_NODE && source->above[parent] != parent;
        if (function < 0 || (is_below_ours && is_helper(result, node))) {
            source->above[i] = source->above[parent];
            result->own += node->self;
        }
        else {
            source->above[i] = i;
        }
    }
    for (int32_t i = tree->length - 1; i >= FIRST_NODE; i--) {
        if (source->above[i] == i) {
            int32_t caller = source->above[tree->nodes[i].parent];
            source->sibling[i] = source->child[caller];
            source->child[caller] = i;
        }
    }
    return 0;
}

static int
by_node(const void *left, const void *right)
{
    int32_t a = ((const Pending *)left)->node, b = ((const Pending *)right)->node;
    return (a > b) - (a < b);
}

/* Put what the nodes of a chain call into `pending`, the first one last. Returns how many.
 *
 * `row`: theirs; NO_NODE for a root. What is called by a root is told apart by its root, too. */
static int32_t
callees(Result *result, const Source *source, int32_t chain, int32_t row, Pending *pending)
{
    int32_t count = 0;
    for (int32_t node = chain; node != NO_NODE; node = source->chained[node]) {
        for (int32_t i = source->child[node]; i != NO_NODE; i = source->sibling[i]) {
            pending[count++] = (Pending){i, row};
        }
    }
    if (source->chained[chain] != NO_NODE) {
        qsort(pending, (size_t)count, sizeof *pending, by_node);
    }
    int32_t kept = 0;
    for (int32_t i = 0; i < count; i++) {
        int32_t node = pending[i].node;
        int32_t function = result->namesake[source->nodes[node].function];
        int32_t met = row != NO_NODE ? row : -2 - source->root[node];
        if (result->met_under[function] == met) {
            int32_t first = result->met_as[function];
            source->chained[node] = source->chained[first];
            source->chained[first] = node;
            continue;
        }
        result->met_under[function] = met;
        result->met_as[function] = node;
        pending[kept++] = pending[i];
    }
    for (int32_t i = 0, j = kept - 1; i < j; i++, j--) {
        Pending swapped = pending[i];
        pending[i] = pending[j];
        pending[j] = swapped;
    }
    return kept;
}

/* Write the rows of a thread's tree. 0, or -1 with an exception. */
static int
add_tree(Result *result, const ThreadTree *thread)
{
    Source source = {0};
    Pending *pending = malloc(sizeof *pending * (size_t)thread->tree.length);
    int failed = -1;
    if (pending == NULL) {
        PyErr_NoMemory();
    }
    else if (read_source(result, thread, &source) == 0) {
        int32_t open = callees(result, &source, CELL_ROOT, NO_NODE, pending);
        while (open > 0) {
            Pending next = pending[--open];
            int32_t row = result->length++;
            int64_t calls = 0, self = 0;
            for (int32_t i = next.node; i != NO_NODE; i = source.chained[i]) {
                calls += source.nodes[i].calls;
                self += source.nodes[i].self;
            }
            result->columns[PARENT][row] = next.above == NO_NODE ? 0 : row - next.above;
            result->columns[FUNCTION][row] = result->map[source.nodes[next.node].function];
            result->columns[THREAD][row] = source.root[next.node];
            result->columns[CALLS][row] = calls;
            result->columns[SELF][row] = (int64_t)((double)self * result->ns_per_tick + 0.5);
            open += callees(result, &source, next.node, row, pending + open);
        }
        failed = 0;
    }
    free(pending);
    source_clear(&source);
    return failed;
}

/* An array.array of so many 64-bit numbers. New reference, or NULL with an exception. */
static PyObject *
new_array(int64_t length)
{
    PyObject *module = PyImport_ImportModule("array");
    PyObject *one = module == NULL ? NULL : PyObject_CallMethod(module, "array", "s(i)", "q", 0);
    PyObject *array = one == NULL ? NULL : PySequence_Repeat(one, (Py_ssize_t)length);
    Py_XDECREF(module);
    Py_XDECREF(one);
    return array;
}

/* Make room for so many rows. 0, or -1 with an exception. */
static int
open_columns(Result *result, int64_t most)
{
    int32_t functions = result->recorder->functions.length;
    size_t size = sizeof(int32_t) * (size_t)(functions ? functions : 1);
    result->roots = PyList_New(0);
    result->met_under = malloc(size);
    result->met_as = malloc(size);
    if (result->met_under == NULL || result->met_as == NULL || most > INT32_MAX / 2) {
        PyErr_NoMemory();
        return -1;
    }
    memset(result->met_under, 0xFF, size); /* NO_NODE: neither a row nor below -1 */
    for (int i = 0; i < COLUMNS; i++) {
        result->arrays[i] = new_array(most);
        if (result->arrays[i] == NULL
            || PyObject_GetBuffer(result->arrays[i], &result->buffers[i], PyBUF_WRITABLE) < 0) {
            return -1;
        }
        result->columns[i] = result->buffers[i].buf;
    }
    return result->roots == NULL ? -1 : 0;
}

static void
close_columns(Result *result)
{
    for (int i = 0; i < COLUMNS; i++) {
        if (result->columns[i] != NULL) {
            PyBuffer_Release(&result->buffers[i]);
            result->columns[i] = NULL;
        }
    }
}

static void
result_clear(Result *result)
{
    close_columns(result);
    for (int i = 0; i < COLUMNS; i++) {
        Py_CLEAR(result->arrays[i]);
    }
    Py_CLEAR(result->roots);
    free(result->map);
    free(result->namesake);
    free(result->met_under);
    free(result->met_as);
}

static int
put_number(PyObject *columns, const char *name, int64_t number)
{
    PyObject *value = PyLong_FromLongLong(number);
    int failed = value == NULL ? -1 : PyDict_SetItemString(columns, name, value);
    Py_XDECREF(value);
    return failed;
}

/* The time of each root. 0, or -1 with an exception. */
static int
put_sums(PyObject *columns, const Result *result)
{
    PyObject *sums = new_array(PyList_GET_SIZE(result->roots));
    Py_buffer buffer;
    if (sums == NULL || PyObject_GetBuffer(sums, &buffer, PyBUF_WRITABLE) < 0) {
        Py_XDECREF(sums);
        return -1;
    }
    int64_t *sum = buffer.buf;
    for (int32_t row = 0; row < result->length; row++) {
        sum[result->columns[THREAD][row]] += result->columns[SELF][row];
    }
    PyBuffer_Release(&buffer);
    int failed = PyDict_SetItemString(columns, "thread_ns", sums);
    Py_DECREF(sums);
    return failed;
}

/* 0, or -1 with an exception. */
static int
put_columns(PyObject *columns, Result *result, int64_t most)
{
    if (put_sums(columns, result) < 0) {
        return -1;
    }
    close_columns(result);
    for (int i = 0; i < COLUMNS; i++) {
        if ((result->length < most
             && PySequence_DelSlice(result->arrays[i], result->length, (Py_ssize_t)most) < 0)
            || PyDict_SetItemString(columns, column_names[i], result->arrays[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

/* What is told beside the columns. 0, or -1 with an exception. */
static int
put_numbers(PyObject *columns, const Result *result)
{
    const Recorder *recorder = result->recorder;
    const ThreadTree *main = recorder->main;
    double ns_per_tick = result->ns_per_tick;
    int64_t lost = 0, backwards = 0;
    for (const ThreadTree *thread = main; thread != NULL; thread = thread->next) {
        lost += thread->tree.lost;
        backwards += thread->tree.backwards;
    }
    const Node *roots = main->tree.nodes;
    int64_t root = roots[CELL_ROOT].self + roots[TASK_ROOT].self;

    const struct {
        const char *name;
        int64_t number;
    } numbers[] = {
        {"own_ns", (int64_t)((double)result->own * ns_per_tick)},
        {"root_ns", (int64_t)((double)root * ns_per_tick)},
        {"tracing_ns", (int64_t)((double)main->tree.tracing * ns_per_tick)},
        {"task_tracing_ns", (int64_t)((double)main->task_tracing * ns_per_tick)},
        {"events", result->events},
        {"folded", result->folded},
        {"lost", lost},
        {"backwards", backwards},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (put_number(columns, numbers[i].name, numbers[i].number) < 0) {
            return -1;
        }
    }
    return PyDict_SetItemString(columns, "roots", result->roots);
}

/* A function of the recording, and its number in the result. */
typedef struct {
    int32_t number, function;
} Numbered;

static int
by_number(const void *left, const void *right)
{
    const Numbered *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

/* Read the map of functions, and see which are namesakes: those have one number. 0, or -1 with an
 * exception. */
static int
read_map(Result *result, PyObject *given)
{
    PyObject *map = PySequence_Tuple(given); /* of our own: an __index__ may change a list */
    if (map == NULL) {
        return -1;
    }
    int32_t length = result->recorder->functions.length;
    size_t count = length ? (size_t)length : 1;
    Numbered *numbered = malloc(sizeof *numbered * count);
    result->map = malloc(sizeof(int32_t) * count);
    result->namesake = malloc(sizeof(int32_t) * count);
    if (numbered == NULL || result->map == NULL || result->namesake == NULL) {
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
            result->map[i] = (int32_t)number;
            numbered[i] = (Numbered){(int32_t)number, i};
        }
    }
    Py_DECREF(map);
    if (PyErr_Occurred()) {
        free(numbered);
        return -1;
    }
    qsort(numbered, (size_t)length, sizeof *numbered, by_number);
    for (int32_t i = 0, first = 0; i < length; i++) {
        if (numbered[i].number != numbered[first].number) {
            first = i;
        }
        result->namesake[numbered[i].function] = numbered[first].function;
    }
    free(numbered);
    return 0;
}

/* The trees of all threads in the order in which they began: they are linked newest first. */
static int
add_trees(Result *result)
{
    const ThreadTree *main = result->recorder->main;
    if (add_tree(result, main) < 0) {
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
        failed = add_tree(result, begun[i]);
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
    int64_t most = 0;
    for (const ThreadTree *thread = recorder->main; thread != NULL; thread = thread->next) {
        most += thread->tree.length - FIRST_NODE;
    }
    Result result = {.recorder = recorder, .ns_per_tick = recorder_ns_per_tick(recorder)};
    PyObject *columns = PyDict_New();
    if (columns == NULL || read_map(&result, given) < 0 || open_columns(&result, most) < 0
        || add_trees(&result) < 0 || put_columns(columns, &result, most) < 0
        || put_numbers(columns, &result) < 0) {
        Py_CLEAR(columns);
    }
    result_clear(&result);
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
