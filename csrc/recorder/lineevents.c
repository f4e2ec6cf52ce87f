/* Events of lines, from sys.monitoring (PEP 669).
 *
 * Those that exist for one code object come from the chosen ones alone. PY_THROW and PY_UNWIND
 * exist only for all code: those of other code are dropped. */
#include "callback.h"
#include "lines.h"

#if RECORDER_MONITORS

static inline LineRecorder *
recorder_of(PyObject *self)
{
    return (LineRecorder *)((Callback *)self)->recorder;
}

static inline int
is_top(const LineThread *thread, const PyObject *code)
{
    return thread->depth > 0 && thread->stack[thread->depth - 1].table->code == code;
}

/* A number that an event has as its second argument, -1 for what is none. */
static inline int64_t
number(PyObject *object)
{
    if (PyLong_CheckExact(object) && PyUnstable_Long_IsCompact((PyLongObject *)object)) {
        return PyUnstable_Long_CompactValue((PyLongObject *)object);
    }
    return -1;
}

/* Arguments: (code, line). */
static PyObject *
on_line(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Ticks now = clock_ticks();
    if (!callback_is_given(args, count, names, 2)) {
        return NULL;
    }
    LineRecorder *recorder = recorder_of(self);
    LineThread *thread = line_thread(recorder);
    if (thread == NULL) {
        Py_RETURN_NONE;
    }
    Activation *top = is_top(thread, args[0]) ? &thread->stack[thread->depth - 1]
                                              : line_repair(recorder, thread, args[0], now);
    if (top != NULL) {
        if (top->cell != NULL) {
            cell_leave(top->cell, now);
        }
        top->cell = table_cell(top->table, number(args[1]));
        top->cell->hits++;
        cell_enter(top->cell, now);
    }
    Py_RETURN_NONE;
}

/* Arguments: (code, offset). */
static PyObject *
on_start(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    if (!callback_is_given(args, count, names, 1)) {
        return NULL;
    }
    LineRecorder *recorder = recorder_of(self);
    LineThread *thread = line_thread(recorder);
    if (thread != NULL) {
        line_push(recorder, thread, args[0], clock_ticks());
    }
    Py_RETURN_NONE;
}

/* A generator goes on where it was suspended. Arguments: (code, offset[, exception]). */
static PyObject *
on_resume(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    if (!callback_is_given(args, count, names, 2)) {
        return NULL;
    }
    LineRecorder *recorder = recorder_of(self);
    LineThread *thread = line_thread(recorder);
    if (thread == NULL) {
        Py_RETURN_NONE;
    }
    Ticks now = clock_ticks();
    Activation *top = line_push(recorder, thread, args[0], now);
    if (top != NULL && top->table->chosen->line_at != NULL) {
        const Chosen *chosen = top->table->chosen;
        int64_t unit = number(args[1]) / 2;
        int32_t line = unit >= 0 && unit < chosen->units ? chosen->line_at[unit] : -1;
        if (line >= 0) {
            top->cell = table_cell(top->table, line);
            cell_enter(top->cell, now);
        }
    }
    Py_RETURN_NONE;
}

/* Arguments: (code, offset, value). */
static PyObject *
on_leave(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Ticks now = clock_ticks();
    if (!callback_is_given(args, count, names, 1)) {
        return NULL;
    }
    LineRecorder *recorder = recorder_of(self);
    LineThread *thread = line_thread(recorder);
    if (thread == NULL) {
        Py_RETURN_NONE;
    }
    if (is_top(thread, args[0]) || line_repair(recorder, thread, args[0], now) != NULL) {
        line_pop(thread, now);
    }
    Py_RETURN_NONE;
}

/* Arguments: (code, offset, exception). */
static PyObject *
on_unwind(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    if (!callback_is_given(args, count, names, 2)) {
        return NULL;
    }
    LineRecorder *recorder = recorder_of(self);
    if (chosen_find(recorder, args[0]) == NULL) {
        Py_RETURN_NONE;
    }
#if PY_VERSION_HEX >= 0x030D0000
    /* Since Python 3.13 the interpreter looks for signals before it tells that a function starts:
     * an Interrupt that strikes there ends an activation that nobody was told of. The one below,
     * which may be of the same code, has a line, since it calls. */
    LineThread *thread = line_thread(recorder);
    int is_fresh =
        thread != NULL && is_top(thread, args[0]) && thread->stack[thread->depth - 1].cell == NULL;
    if (!is_fresh && code_is_start((PyCodeObject *)args[0], (int)number(args[1]))) {
        Py_RETURN_NONE;
    }
#endif
    return on_leave(self, args, count, names);
}

PyObject *
line_callbacks(LineRecorder *recorder, PyTypeObject *type)
{
    static const Heard heard[] = {
        {"LINE", on_line},        {"PY_START", on_start}, {"PY_RESUME", on_resume},
        {"PY_THROW", on_resume},  {"PY_YIELD", on_leave}, {"PY_RETURN", on_leave},
        {"PY_UNWIND", on_unwind},
    };
    return callback_dict(type, (PyObject *)recorder, heard, sizeof heard / sizeof *heard);
}
#endif
