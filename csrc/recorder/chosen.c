/* The code objects whose lines are recorded. */
#include "lines.h"

#if RECORDER_MONITORS

/* Cells of one code object. What a file has, and no more than hostile code may ask for. */
#define MOST_LINES (1 << 20)

#define GENERATORS (CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR)

/* One entry of co_lines(): its bytes, and its line, -1 for none. */
typedef struct {
    int start, end, line;
} Range;

/* 1, 0 where there are no more, or -1 with an exception. */
static int
next_range(PyObject *ranges, Range *range)
{
    PyObject *entry = PyIter_Next(ranges);
    if (entry == NULL) {
        return PyErr_Occurred() ? -1 : 0;
    }
    PyObject *line;
    int is_read = PyArg_ParseTuple(entry, "iiO", &range->start, &range->end, &line);
    range->line = -1;
    if (is_read && line != Py_None) {
        long number = PyLong_AsLong(line);
        is_read = number != -1 || !PyErr_Occurred();
        range->line = number < INT_MAX ? (int)number : -1;
    }
    Py_DECREF(entry);
    return is_read ? 1 : -1;
}

/* Which lines there are, as far as they are cells. 0, or -1 with an exception. */
static int
measure(Chosen *chosen)
{
    PyObject *ranges = PyObject_CallMethod(chosen->code, "co_lines", NULL);
    Range range;
    int found = ranges == NULL ? -1 : 0, low = -1, high = -1;
    while (found >= 0 && (found = next_range(ranges, &range)) > 0) {
        if (range.line >= 0) {
            low = low < 0 || range.line < low ? range.line : low;
            high = range.line > high ? range.line : high;
        }
    }
    Py_XDECREF(ranges);
    chosen->low = low;
    chosen->count = low < 0 ? 0 : high - low < MOST_LINES ? high - low + 1 : MOST_LINES;
    return found;
}

/* The line of each code unit: a generator that is resumed is at one, and no event says at which.
 * 0, or -1 with an exception. */
static int
map_units(Chosen *chosen)
{
    chosen->units = (int32_t)Py_SIZE(chosen->code);
    chosen->line_at = PyMem_RawMalloc(sizeof(int32_t) * ((size_t)chosen->units + 1));
    if (chosen->line_at == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int32_t unit = 0; unit < chosen->units; unit++) {
        chosen->line_at[unit] = -1;
    }
    PyObject *ranges = PyObject_CallMethod(chosen->code, "co_lines", NULL);
    Range range;
    int found = ranges == NULL ? -1 : 0;
    while (found >= 0 && (found = next_range(ranges, &range)) > 0) {
        for (int at = range.start; at >= 0 && at < range.end && at / 2 < chosen->units; at += 2) {
            chosen->line_at[at / 2] = range.line;
        }
    }
    Py_XDECREF(ranges);
    /* Thrown into before it ran: it is at no line yet. */
    for (int32_t unit = 0; unit < chosen->units; unit++) {
        chosen->line_at[unit] = -1;
        if (code_is_start((PyCodeObject *)chosen->code, 2 * unit)) {
            break;
        }
    }
    return found;
}

static void
chosen_free(Chosen *chosen)
{
    PyMem_RawFree(chosen->line_at);
    Py_DECREF(chosen->code);
    PyMem_RawFree(chosen);
}

static Chosen *
chosen_new(PyObject *code)
{
    Chosen *chosen = PyMem_RawCalloc(1, sizeof(Chosen));
    if (chosen == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    chosen->code = Py_NewRef(code);
    if (measure(chosen) < 0
        || ((((PyCodeObject *)code)->co_flags & GENERATORS) && map_units(chosen) < 0)) {
        chosen_free(chosen);
        return NULL;
    }
    return chosen;
}

static void
put(Chosen **slots, uint32_t mask, Chosen *chosen)
{
    uint32_t slot = pointer_hash(chosen->code) & mask;
    while (slots[slot] != NULL) {
        slot = (slot + 1) & mask;
    }
    slots[slot] = chosen;
}

/* Room for one more, in the list and in the hash table. 0, or -1 with an exception. */
static int
make_room(LineRecorder *recorder)
{
    if (recorder->length < recorder->capacity) {
        return 0;
    }
    int32_t capacity = recorder->capacity == 0 ? 16 : 2 * recorder->capacity;
    Chosen **list = PyMem_RawRealloc(recorder->chosen, sizeof(Chosen *) * (size_t)capacity);
    if (list != NULL) {
        recorder->chosen = list;
    }
    uint32_t size = 4 * (uint32_t)capacity;
    Chosen **slots = list == NULL ? NULL : PyMem_RawCalloc(size, sizeof(Chosen *));
    if (slots == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (int32_t index = 0; index < recorder->length; index++) {
        put(slots, size - 1, recorder->chosen[index]);
    }
    PyMem_RawFree(recorder->slots);
    recorder->slots = slots;
    recorder->mask = size - 1;
    recorder->capacity = capacity;
    return 0;
}

int
chosen_add(LineRecorder *recorder, PyObject *code)
{
    if (chosen_find(recorder, code) != NULL) {
        return 0;
    }
    Chosen *chosen = chosen_new(code);
    if (chosen == NULL) {
        return -1;
    }
    if (make_room(recorder) < 0) {
        chosen_free(chosen);
        return -1;
    }
    chosen->index = recorder->length;
    recorder->chosen[recorder->length++] = chosen;
    put(recorder->slots, recorder->mask, chosen);
    return 0;
}

void
chosen_clear(LineRecorder *recorder)
{
    int32_t length = recorder->length;
    Chosen **list = recorder->chosen;
    PyMem_RawFree(recorder->slots);
    recorder->slots = NULL;
    recorder->chosen = NULL;
    recorder->length = recorder->capacity = 0;
    for (int32_t index = 0; index < length; index++) {
        chosen_free(list[index]);
    }
    PyMem_RawFree(list);
}
#endif
