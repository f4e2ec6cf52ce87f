/* The type LineRecorder: what Python code sees. */
#include "lines.h"

#if RECORDER_MONITORS
#include <stddef.h>

static int
is_made(const LineRecorder *recorder)
{
    if (recorder->started.ns == 0) {
        PyErr_SetString(PyExc_RuntimeError, "this LineRecorder was not initialised");
    }
    return recorder->started.ns != 0;
}

static int
lines_init(PyObject *self, PyObject *args, PyObject *names)
{
    static char *known[] = {"running", NULL};
    LineRecorder *recorder = (LineRecorder *)self;
    PyObject *running = Py_None;
    if (recorder->started.ns != 0) {
        PyErr_SetString(PyExc_RuntimeError, "a LineRecorder is initialised once");
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, names, "|$O", known, &running)) {
        return -1;
    }
    if (running != Py_None && !PyDict_Check(running)) {
        PyErr_SetString(PyExc_TypeError, "running is a dict of Thread objects by ident");
        return -1;
    }
    recorder->running = running == Py_None ? NULL : Py_NewRef(running);
    clock_first_reading();
    recorder->started = recorder->stopped = clock_read_both();
    return 0;
}

static int
lines_traverse(PyObject *self, visitproc visit, void *arg)
{
    LineRecorder *recorder = (LineRecorder *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(recorder->running);
    for (int32_t index = 0; index < recorder->length; index++) {
        Py_VISIT(recorder->chosen[index]->code);
    }
    for (LineThread *thread = recorder->threads; thread != NULL; thread = thread->next) {
        Py_VISIT(thread->thread);
    }
    return 0;
}

static int
lines_clear(PyObject *self)
{
    LineRecorder *recorder = (LineRecorder *)self;
    recorder->is_recording = 0;
    line_threads_clear(recorder);
    chosen_clear(recorder);
    Py_CLEAR(recorder->running);
    return 0;
}

static void
lines_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    lines_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

PyDoc_STRVAR(add_doc, "add(code)\n--\n\n"
                      "Record the lines of this code object. The caller turns its events on.");

static PyObject *
lines_add(PyObject *self, PyObject *code)
{
    LineRecorder *recorder = (LineRecorder *)self;
    if (!is_made(recorder)) {
        return NULL;
    }
    if (!PyCode_Check(code)) {
        PyErr_SetString(PyExc_TypeError, "add() takes a code object");
        return NULL;
    }
    if (chosen_add(recorder, code) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(start_doc,
             "start()\n--\n\n"
             "Take events from now on, in all threads. The caller registers callbacks().");

static PyObject *
lines_start(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    LineRecorder *recorder = (LineRecorder *)self;
    if (!is_made(recorder)) {
        return NULL;
    }
    if (recorder->was_started) {
        PyErr_SetString(PyExc_RuntimeError, "a LineRecorder is started once");
        return NULL;
    }
    if (line_thread_find(recorder) == NULL) { /* the first thread of threads() */
        return PyErr_NoMemory();
    }
    recorder->was_started = 1;
    recorder->started = recorder->stopped = clock_read_both();
    recorder->is_recording = 1;
    Py_RETURN_NONE;
}

PyDoc_STRVAR(call_doc, "call(function, *args)\n--\n\n"
                       "Call a function. What it left open without an event is closed after it.");

static PyObject *
lines_call(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    LineRecorder *recorder = (LineRecorder *)self;
    if (count < 1) {
        PyErr_SetString(PyExc_TypeError, "call() needs a function");
        return NULL;
    }
    LineThread *thread = recorder->is_recording ? line_thread_find(recorder) : NULL;
    Py_ssize_t depth = thread == NULL ? 0 : thread->depth;
    Py_INCREF(self);
    PyObject *result = PyObject_Vectorcall(args[0], args + 1, (size_t)count - 1, NULL);
    if (thread != NULL && recorder->is_recording && thread->depth > depth) {
        recorder->lost += thread->depth - depth;
        line_thread_cut(thread, depth, clock_ticks());
    }
    Py_DECREF(self);
    return result;
}

PyDoc_STRVAR(switched_doc, "switched(event, greenlets)\n--\n\n"
                           "For greenlet.settrace(): keep the stacks of greenlets apart.");

static PyObject *
lines_switched(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    LineRecorder *recorder = (LineRecorder *)self;
    if (count != 2 || !PyTuple_Check(args[1]) || PyTuple_GET_SIZE(args[1]) != 2) {
        PyErr_SetString(PyExc_TypeError, "switched() takes an event and two greenlets");
        return NULL;
    }
    LineThread *thread = recorder->is_recording ? line_thread_find(recorder) : NULL;
    const void *from = PyTuple_GET_ITEM(args[1], 0), *to = PyTuple_GET_ITEM(args[1], 1);
    if (thread != NULL && line_thread_switch(thread, from, to) < 0) {
        line_give_up(recorder, clock_ticks());
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(finish_doc, "finish()\n--\n\n"
                         "Take no more events, and close what is open, in all threads. Safe to "
                         "call twice, and in the child of a fork.");

static PyObject *
lines_finish(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    LineRecorder *recorder = (LineRecorder *)self;
    if (recorder->is_recording || recorder->is_out_of_memory) {
        recorder->is_recording = 0;
        recorder->stopped = clock_read_both();
        line_close_all(recorder, recorder->stopped.ticks);
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(callbacks_doc, "callbacks()\n--\n\n"
                            "The callables for sys.monitoring, by the names of the events.");

static PyObject *
lines_callbacks(PyObject *self, PyTypeObject *type, PyObject *const *args, Py_ssize_t count,
                PyObject *names)
{
    (void)args, (void)names;
    if (count != 0) {
        PyErr_SetString(PyExc_TypeError, "callbacks() takes no arguments");
        return NULL;
    }
    return is_made((LineRecorder *)self) ? line_callbacks((LineRecorder *)self, type) : NULL;
}

PyDoc_STRVAR(threads_doc,
             "threads()\n--\n\n"
             "The threads that ran lines, as pairs: ident, and the Thread or None. The "
             "first is the one that called start().");

static PyObject *
lines_threads(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    PyObject *list = PyList_New(0);
    LineThread *thread = ((LineRecorder *)self)->threads;
    for (; list != NULL && thread != NULL; thread = thread->next) {
        PyObject *object = thread->thread == NULL ? Py_None : thread->thread;
        PyObject *pair = Py_BuildValue("kO", thread->ident, object);
        if (pair == NULL || PyList_Append(list, pair) < 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(pair);
    }
    return list;
}

/* 0, or -1 with an exception. */
static int
append_rows(PyObject *list, const Table *table, Py_ssize_t thread, double ns_per_tick)
{
    for (int32_t at = 0; at < table->chosen->count; at++) {
        const Cell *cell = &table->cells[at];
        if (cell->hits == 0 && cell->time == 0) {
            continue;
        }
        PyObject *row = Py_BuildValue("OinLL", table->code, table->chosen->low + at, thread,
                                      (long long)cell->hits,
                                      (long long)((double)cell->time * ns_per_tick + 0.5));
        int result = row == NULL ? -1 : PyList_Append(list, row);
        Py_XDECREF(row);
        if (result < 0) {
            return -1;
        }
    }
    return 0;
}

PyDoc_STRVAR(rows_doc, "rows()\n--\n\n"
                       "What was recorded, as tuples: code object, line, which of threads(), hits, "
                       "time in ns. By thread, code object in the order of add(), and line.");

static PyObject *
lines_rows(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    LineRecorder *recorder = (LineRecorder *)self;
    if (recorder->is_recording) {
        PyErr_SetString(PyExc_RuntimeError, "rows() is for a LineRecorder that has finished");
        return NULL;
    }
    PyObject *list = PyList_New(0);
    double ns_per_tick = clock_scale(recorder->started, recorder->stopped);
    Py_ssize_t number = 0;
    LineThread *thread = recorder->threads;
    for (; list != NULL && thread != NULL; thread = thread->next, number++) {
        for (int32_t index = 0; list != NULL && index < thread->table_count; index++) {
            Table *table = thread->tables[index];
            if (table != NULL && append_rows(list, table, number, ns_per_tick) < 0) {
                Py_CLEAR(list);
            }
        }
    }
    return list;
}

static PyObject *
get_outside(PyObject *self, void *Py_UNUSED(closure))
{
    int64_t hits = 0;
    LineThread *thread = ((LineRecorder *)self)->threads;
    for (; thread != NULL; thread = thread->next) {
        for (int32_t index = 0; index < thread->table_count; index++) {
            Table *table = thread->tables[index];
            hits += table == NULL ? 0 : table->cells[table->chosen->count].hits;
        }
    }
    return PyLong_FromLongLong(hits);
}

static PyGetSetDef lines_getset[] = {
    {"outside", get_outside, NULL, "Hits of lines that the code objects do not list.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef lines_members[] = {
    {"is_out_of_memory", Py_T_INT, offsetof(LineRecorder, is_out_of_memory), Py_READONLY, NULL},
    {"lost", Py_T_LONGLONG, offsetof(LineRecorder, lost), Py_READONLY,
     "How many events did not fit what was known before."},
    {NULL, 0, 0, 0, NULL},
};

static PyMethodDef lines_methods[] = {
    {"add", lines_add, METH_O, add_doc},
    {"start", lines_start, METH_NOARGS, start_doc},
    {"call", (PyCFunction)(void (*)(void))lines_call, METH_FASTCALL, call_doc},
    {"switched", (PyCFunction)(void (*)(void))lines_switched, METH_FASTCALL, switched_doc},
    {"finish", lines_finish, METH_NOARGS, finish_doc},
    {"callbacks", (PyCFunction)(void (*)(void))lines_callbacks,
     METH_METHOD | METH_FASTCALL | METH_KEYWORDS, callbacks_doc},
    {"threads", lines_threads, METH_NOARGS, threads_doc},
    {"rows", lines_rows, METH_NOARGS, rows_doc},
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(lines_doc,
             "LineRecorder(*, running=None)\n--\n\n"
             "Records hits and time of each line of the code objects that are passed to add(), in "
             "each thread. A line's time goes on until the next line of the same call, so it holds "
             "what the line calls, and not the time in which a generator is suspended. Under "
             "recursion it counts once.\n\n"
             "running: threading's dict of a thread's ident to its Thread.");

static PyType_Slot lines_slots[] = {
    {Py_tp_doc, (void *)lines_doc}, {Py_tp_new, PyType_GenericNew},
    {Py_tp_init, lines_init},       {Py_tp_traverse, lines_traverse},
    {Py_tp_clear, lines_clear},     {Py_tp_dealloc, lines_dealloc},
    {Py_tp_methods, lines_methods}, {Py_tp_members, lines_members},
    {Py_tp_getset, lines_getset},   {0, NULL},
};

PyType_Spec line_recorder_spec = {
    .name = "jupyterlab_profiler.collect._recorder.LineRecorder",
    .basicsize = sizeof(LineRecorder),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = lines_slots,
};
#endif
