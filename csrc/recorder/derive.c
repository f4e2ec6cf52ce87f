/* Totals and edges of a call tree in columns, by the rule of the outermost activation: a function
 * counts once a path, so no total passes the whole, and the numbers are those that cProfile would
 * have summed from the same events. */
#include "recorder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Sums of this size are sure to fit into 64 bits. */
#define MOST_SUM 4e18

/* Rows of one table that grow as keys are met. */
typedef struct {
    int64_t (*keys)[3]; /* caller or -1, function, thread */
    int64_t *self, *total, *calls, *primitive;
    int32_t *open; /* how often the row is on the path that leads to the current node */
    int32_t *slots;
    uint32_t mask;
    int32_t length, capacity;
} Rows;

static void
rows_clear(Rows *rows)
{
    free(rows->keys);
    free(rows->self);
    free(rows->total);
    free(rows->calls);
    free(rows->primitive);
    free(rows->open);
    free(rows->slots);
}

static inline uint32_t
hash(const int64_t key[3])
{
    uint64_t mixed = (uint64_t)key[0] * UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 32) ^ (uint64_t)key[1]) * UINT64_C(0xC2B2AE3D27D4EB4F);
    mixed = (mixed ^ (mixed >> 29) ^ (uint64_t)key[2]) * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(mixed >> 32);
}

static int
grow(void **column, size_t size, int32_t from, int32_t to)
{
    void *larger = realloc(*column, size * (size_t)to);
    if (larger == NULL) {
        return -1;
    }
    memset((char *)larger + size * (size_t)from, 0, size * (size_t)(to - from));
    *column = larger;
    return 0;
}

static int
rows_grow(Rows *rows)
{
    int32_t from = rows->capacity, to = from ? from * 2 : 64;
    uint32_t size = (uint32_t)to * 4;
    int32_t *slots = malloc(sizeof(int32_t) * size);
    if (slots == NULL || grow((void **)&rows->keys, sizeof *rows->keys, from, to) < 0
        || grow((void **)&rows->self, sizeof(int64_t), from, to) < 0
        || grow((void **)&rows->total, sizeof(int64_t), from, to) < 0
        || grow((void **)&rows->calls, sizeof(int64_t), from, to) < 0
        || grow((void **)&rows->primitive, sizeof(int64_t), from, to) < 0
        || grow((void **)&rows->open, sizeof(int32_t), from, to) < 0) {
        free(slots);
        return -1;
    }
    memset(slots, 0xFF, sizeof(int32_t) * size);
    free(rows->slots);
    rows->slots = slots;
    rows->mask = size - 1;
    rows->capacity = to;
    for (int32_t row = 0; row < rows->length; row++) {
        uint32_t slot = hash(rows->keys[row]) & rows->mask;
        while (slots[slot] >= 0) {
            slot = (slot + 1) & rows->mask;
        }
        slots[slot] = row;
    }
    return 0;
}

/* The row of a key, a new one if there is none; -1 where there is no memory. */
static int32_t
rows_at(Rows *rows, int64_t caller, int64_t function, int64_t thread)
{
    if (rows->length == rows->capacity && rows_grow(rows) < 0) {
        return -1;
    }
    int64_t key[3] = {caller, function, thread};
    uint32_t slot = hash(key) & rows->mask;
    for (; rows->slots[slot] >= 0; slot = (slot + 1) & rows->mask) {
        const int64_t *other = rows->keys[rows->slots[slot]];
        if (other[0] == caller && other[1] == function && other[2] == thread) {
            return rows->slots[slot];
        }
    }
    int32_t row = rows->length++;
    memcpy(rows->keys[row], key, sizeof key);
    rows->slots[slot] = row;
    return row;
}

static int
put_column(PyObject *table, const char *name, const void *data, int32_t length)
{
    PyObject *bytes = PyBytes_FromStringAndSize(data, (Py_ssize_t)sizeof(int64_t) * length);
    int result = bytes == NULL ? -1 : PyDict_SetItemString(table, name, bytes);
    Py_XDECREF(bytes);
    return result;
}

static int
put_key(PyObject *table, const char *name, const Rows *rows, int part)
{
    int64_t *column = malloc(sizeof(int64_t) * (size_t)(rows->length ? rows->length : 1));
    if (column == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int32_t row = 0; row < rows->length; row++) {
        column[row] = rows->keys[row][part];
    }
    int result = put_column(table, name, column, rows->length);
    free(column);
    return result;
}

static PyObject *
table_of(const Rows *rows, int has_callers)
{
    PyObject *table = PyDict_New();
    if (table == NULL || (has_callers && put_key(table, "caller", rows, 0) < 0)
        || put_key(table, has_callers ? "callee" : "function", rows, 1) < 0
        || put_key(table, "thread", rows, 2) < 0
        || put_column(table, "self.time", rows->self, rows->length) < 0
        || put_column(table, "total.time", rows->total, rows->length) < 0
        || put_column(table, "self.calls", rows->calls, rows->length) < 0
        || put_column(table, "primitive.calls", rows->primitive, rows->length) < 0) {
        Py_CLEAR(table);
    }
    return table;
}

typedef struct {
    const int64_t *parent, *function, *thread, *time, *calls;
    const unsigned char *skip; /* by function, whether it is left out; NULL: none is */
    Py_ssize_t length, skips;
} Columns;

/* A node on the path that leads to the current one. */
typedef struct {
    Py_ssize_t node;
    int64_t whole;        /* of its subtree, as far as that was seen */
    Py_ssize_t kept;      /* on the path: this one, or the next above that is not left out; or -1 */
    int32_t row, edge;    /* of a node that is not left out; no edge at a root: -1 */
    char is_first_of_row; /* whether it is the outermost activation of its function, */
    char is_first_of_edge; /* and of this caller and callee */
} Open;

typedef struct {
    Open *open; /* owned */
    Py_ssize_t length, capacity;
} Path;

/* The next place on a path; NULL where there is no memory. */
static Open *
path_push(Path *path)
{
    if (path->length == path->capacity) {
        Py_ssize_t capacity = path->capacity ? path->capacity * 2 : 64;
        Open *open = realloc(path->open, sizeof(Open) * (size_t)capacity);
        if (open == NULL) {
            return NULL;
        }
        path->open = open;
        path->capacity = capacity;
    }
    return &path->open[path->length++];
}

/* Close the innermost node: what it took in all is known now. */
static void
path_pop(Path *path, Rows *totals, Rows *edges)
{
    const Open *closed = &path->open[--path->length];
    if (path->length > 0) {
        path->open[path->length - 1].whole += closed->whole;
    }
    if (closed->kept != path->length) {
        return; /* it is left out */
    }
    totals->open[closed->row]--;
    if (closed->is_first_of_row) {
        totals->total[closed->row] += closed->whole;
    }
    if (closed->edge >= 0) {
        edges->open[closed->edge]--;
        if (closed->is_first_of_edge) {
            edges->total[closed->edge] += closed->whole;
        }
    }
}

/* Open a node that stays; `above`: the one that called it, or NULL. 0, or -1 where there is no
 * memory. */
static int
count(const Columns *columns, Open *node, const Open *above, Rows *totals, Rows *edges)
{
    Py_ssize_t i = node->node;
    int64_t function = columns->function[i], calls = columns->calls[i];
    int64_t thread = columns->thread == NULL ? 0 : columns->thread[i];
    node->row = rows_at(totals, -1, function, thread);
    node->edge =
        above == NULL ? -1 : rows_at(edges, columns->function[above->node], function, thread);
    if (node->row < 0 || (above != NULL && node->edge < 0)) {
        return -1;
    }
    totals->self[node->row] += columns->time[i];
    totals->calls[node->row] += calls;
    node->is_first_of_row = totals->open[node->row]++ == 0;
    if (node->is_first_of_row) {
        totals->primitive[node->row] += calls;
    }
    if (above != NULL) {
        edges->self[node->edge] += columns->time[i];
        edges->calls[node->edge] += calls;
        node->is_first_of_edge = edges->open[node->edge]++ == 0;
        if (node->is_first_of_edge) {
            edges->primitive[node->edge] += calls;
        }
    }
    return 0;
}

/* 0, -1 where there is no memory, -2 where the rows are not in pre-order. */
static int
sum(const Columns *columns, Rows *totals, Rows *edges)
{
    Path path = {0};
    int result = 0;
    for (Py_ssize_t i = 0; i < columns->length && result == 0; i++) {
        int64_t offset = columns->parent[i];
        while (path.length > 0 && (offset == 0 || path.open[path.length - 1].node != i - offset)) {
            path_pop(&path, totals, edges);
        }
        if (offset != 0 && path.length == 0) {
            result = -2; /* the parent is no ancestor of the node before */
            break;
        }
        Open *node = path_push(&path);
        if (node == NULL) {
            result = -1;
            break;
        }
        const Open *parent = path.length > 1 ? node - 1 : NULL;
        Py_ssize_t kept = parent == NULL ? -1 : parent->kept;
        const Open *above = kept < 0 ? NULL : &path.open[kept];
        *node = (Open){.node = i, .whole = columns->time[i], .kept = path.length - 1, .edge = -1};
        int64_t function = columns->function[i];
        if (function < columns->skips && columns->skip[function]) {
            node->kept = kept;
            if (above != NULL) {
                totals->self[above->row] += columns->time[i];
            }
            if (above != NULL && above->edge >= 0) {
                edges->self[above->edge] += columns->time[i];
            }
            continue;
        }
        result = count(columns, node, above, totals, edges);
    }
    while (path.length > 0 && result == 0) {
        path_pop(&path, totals, edges);
    }
    free(path.open);
    return result;
}

/* 0, or -1 with an exception: the columns come from a file or a network, perhaps. */
static int
check(const Columns *columns)
{
    double times = 0, calls = 0;
    for (Py_ssize_t i = 0; i < columns->length; i++) {
        if (columns->parent[i] < 0 || columns->parent[i] > i || columns->function[i] < 0) {
            PyErr_Format(PyExc_ValueError, "row %zd: a parent or a function is out of range", i);
            return -1;
        }
        times += fabs((double)columns->time[i]);
        calls += fabs((double)columns->calls[i]);
    }
    if (times > MOST_SUM || calls > MOST_SUM) {
        PyErr_SetString(PyExc_OverflowError, "the sums are no 64-bit integers");
        return -1;
    }
    return 0;
}

PyObject *
derive_tables(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *given[6];
    Columns columns = {0};
    if (!PyArg_ParseTuple(args, "OOOOOO", &given[0], &given[1], &given[2], &given[3], &given[4],
                          &given[5])) {
        return NULL;
    }
    Py_buffer views[6];
    memset(views, 0, sizeof views);
    PyObject *result = NULL;
    Rows totals = {0}, edges = {0};
    for (int i = 0; i < 6; i++) {
        if (given[i] == Py_None && (i == 2 || i == 5)) {
            continue;
        }
        if (PyObject_GetBuffer(given[i], &views[i], PyBUF_SIMPLE) < 0) {
            goto done;
        }
    }
    columns.length = views[0].len / (Py_ssize_t)sizeof(int64_t);
    for (int i = 0; i < 5; i++) {
        if (views[i].obj != NULL && views[i].len != columns.length * (Py_ssize_t)sizeof(int64_t)) {
            PyErr_SetString(PyExc_ValueError, "columns differ in length");
            goto done;
        }
        if ((uintptr_t)views[i].buf % sizeof(int64_t) != 0 && views[i].len > 0) {
            PyErr_SetString(PyExc_ValueError, "a column is not aligned");
            goto done;
        }
    }
    columns.parent = views[0].buf;
    columns.function = views[1].buf;
    columns.thread = views[2].buf;
    columns.time = views[3].buf;
    columns.calls = views[4].buf;
    columns.skip = views[5].buf;
    columns.skips = views[5].len;
    if (check(&columns) < 0) {
        goto done;
    }
    switch (sum(&columns, &totals, &edges)) {
    case -1:
        PyErr_NoMemory();
        goto done;
    case -2:
        PyErr_SetString(PyExc_ValueError, "the rows are not in pre-order");
        goto done;
    default:
        break;
    }
    PyObject *first = table_of(&totals, 0), *second = table_of(&edges, 1);
    if (first != NULL && second != NULL) {
        result = PyTuple_Pack(2, first, second);
    }
    Py_XDECREF(first);
    Py_XDECREF(second);
done:
    for (int i = 0; i < 6; i++) {
        PyBuffer_Release(&views[i]);
    }
    rows_clear(&totals);
    rows_clear(&edges);
    return result;
}
