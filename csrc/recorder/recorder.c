/* The type Recorder: what Python code sees. */
#include "recorder.h"

#include <stddef.h>
#include <stdlib.h>
#include <structmember.h>

double
recorder_ns_per_tick(const Recorder *recorder)
{
    return clock_scale(recorder->started, recorder->stopped);
}

static int recorder_clear(PyObject *self);

static int
recorder_init(PyObject *self, PyObject *args, PyObject *names)
{
    static char *known[] = {"display",      "own",   "variable", "thread_start",
                            "thread_begin", "limit", "cost_ns",  NULL};
    Recorder *recorder = (Recorder *)self;
    PyObject *display = Py_None, *own = Py_None, *variable = Py_None;
    PyObject *start = Py_None, *begin = Py_None;
    int limit = 2000000;
    double cost_ns = 0;
    if (recorder->main != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "a Recorder is initialised once");
        return -1;
    }
    if (!PyArg_ParseTupleAndKeywords(args, names, "|$OOOOOid", known, &display, &own, &variable,
                                     &start, &begin, &limit, &cost_ns)) {
        return -1;
    }
    if (limit < FIRST_NODE || limit > 100000000 || !(cost_ns >= 0 && cost_ns < 1e6)) {
        PyErr_SetString(PyExc_ValueError, "limit or cost_ns is out of range");
        return -1;
    }
    if ((display != Py_None && !PyCode_Check(display)) || (start != Py_None && !PyCode_Check(start))
        || (begin != Py_None && !PyCode_Check(begin))) {
        PyErr_SetString(PyExc_TypeError, "display, thread_start and thread_begin are code objects");
        return -1;
    }
    if ((own != Py_None && !PySet_Check(own))
        || (variable != Py_None && !PyContextVar_CheckExact(variable))) {
        PyErr_SetString(PyExc_TypeError, "own is a set, variable a ContextVar");
        return -1;
    }
    ClockReading first = clock_first_reading();
    recorder->started = recorder->stopped = clock_read_both();
    recorder->cost = 0;
    recorder->limit = limit;
    if (cost_ns > 0) {
        double ns_per_tick = clock_ns_per_tick(first, recorder->started);
        recorder->cost = (Ticks)(cost_ns / ns_per_tick);
    }
    recorder->begun = PyList_New(0);
    recorder->stacks = PyDict_New();
    recorder->main = calloc(1, sizeof(ThreadTree));
    if (recorder->begun == NULL || recorder->stacks == NULL || recorder->main == NULL
        || functions_init(&recorder->functions) < 0
        || tree_init(&recorder->main->tree, limit, recorder->cost) < 0) {
        recorder_clear(self);
        PyErr_NoMemory();
        return -1;
    }
    recorder->main->ident = thread_ident();
    recorder->display = display == Py_None ? NULL : Py_NewRef(display);
    recorder->own = own == Py_None ? NULL : Py_NewRef(own);
    recorder->variable = variable == Py_None ? NULL : Py_NewRef(variable);
    recorder->thread_start = start == Py_None ? NULL : Py_NewRef(start);
    recorder->thread_begin = begin == Py_None ? NULL : Py_NewRef(begin);
    recorder->follows_threads = start != Py_None;
    return 0;
}

static int
recorder_traverse(PyObject *self, visitproc visit, void *arg)
{
    Recorder *recorder = (Recorder *)self;
    Py_VISIT(Py_TYPE(self));
    functions_traverse(&recorder->functions, visit, arg);
    Py_VISIT(recorder->display);
    Py_VISIT(recorder->own);
    Py_VISIT(recorder->variable);
    Py_VISIT(recorder->thread_start);
    Py_VISIT(recorder->thread_begin);
    Py_VISIT(recorder->begun);
    Py_VISIT(recorder->stacks);
    for (ThreadTree *thread = recorder->main; thread != NULL; thread = thread->next) {
        Py_VISIT(thread->thread);
    }
    return 0;
}

static int
recorder_clear(PyObject *self)
{
    Recorder *recorder = (Recorder *)self;
    recorder->is_recording = 0;
    ThreadTree *thread = recorder->main;
    recorder->main = recorder->latest = NULL;
    while (thread != NULL) {
        ThreadTree *next = thread->next;
        tree_clear(&thread->tree);
        free(thread->tasks);
        Py_XDECREF(thread->thread);
        free(thread);
        thread = next;
    }
    functions_clear(&recorder->functions);
    Py_CLEAR(recorder->display);
    Py_CLEAR(recorder->own);
    Py_CLEAR(recorder->variable);
    Py_CLEAR(recorder->thread_start);
    Py_CLEAR(recorder->thread_begin);
    Py_CLEAR(recorder->begun);
    Py_CLEAR(recorder->stacks);
    return 0;
}

static void
recorder_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    recorder_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

PyDoc_STRVAR(call_doc, "call(function, *args)\n--\n\n"
                       "Call with the recording on. Returns what the function does.");

PyDoc_STRVAR(resume_doc, "resume()\n--\n\nTurn the recording on, until pause().");

PyDoc_STRVAR(pause_doc, "pause()\n--\n\nTurn the recording off, and close what is open.");

PyDoc_STRVAR(mute_doc, "mute()\n--\n\n"
                       "Leave out what runs now, and close nothing but functions of ours. Returns "
                       "whether there was something to mute: unmute() needs it.");

PyDoc_STRVAR(unmute_doc, "unmute(before)\n--\n\nRecord again, if that was so before.");

PyDoc_STRVAR(switched_doc, "switched(event, greenlets)\n--\n\n"
                           "For greenlet.settrace(): keep the call stacks of greenlets apart.");

PyDoc_STRVAR(start_doc,
             "start()\n--\n\n"
             "Take events from now on. On Python 3.12 and newer the caller registers callbacks(); "
             "on 3.11 this takes the thread's profile function. Returns whether it was free.");

static PyObject *
recorder_start(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Recorder *recorder = (Recorder *)self;
    if (recorder_check(recorder) < 0) {
        return NULL;
    }
    if (recorder->was_started) {
        PyErr_SetString(PyExc_RuntimeError, "a Recorder is started once");
        return NULL;
    }
#if !RECORDER_MONITORS
    if (profilefunc_install(recorder) < 0) {
        Py_RETURN_FALSE;
    }
#endif
    recorder->was_started = 1;
    recorder->started = clock_read_both();
    recorder->is_recording = 1;
    recorder->main->opened = recorder->started.ticks;
    Py_RETURN_TRUE;
}

PyDoc_STRVAR(finish_doc, "finish()\n--\n\n"
                         "Take no more events, and close what is open, in all threads. Safe to "
                         "call twice, and in the child of a fork.");

static PyObject *
recorder_finish(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Recorder *recorder = (Recorder *)self;
    if (recorder->main == NULL || !recorder->is_recording) {
        Py_RETURN_NONE;
    }
#if !RECORDER_MONITORS
    if (thread_ident() == recorder->main->ident && !profilefunc_is_ours(recorder)) {
        recorder->was_replaced = 1;
    }
    profilefunc_remove(recorder);
#endif
    recorder->is_recording = 0;
    recorder->stopped = clock_read_both();
    for (ThreadTree *thread = recorder->main; thread != NULL; thread = thread->next) {
        if (thread_is_open(thread)) {
            tree_charge(&thread->tree, recorder->stopped.ticks);
        }
        if (thread->gate == GATE_TASK) {
            thread_leave_task(thread);
        }
        if (thread->gate != GATE_ENDED) {
            thread->ended = recorder->stopped.ticks;
        }
        thread->gate = GATE_ENDED;
    }
    PyDict_Clear(recorder->stacks);
    if (PyList_SetSlice(recorder->begun, 0, PyList_GET_SIZE(recorder->begun), NULL) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

#if RECORDER_MONITORS
PyDoc_STRVAR(callbacks_doc, "callbacks()\n--\n\n"
                            "The callables for sys.monitoring, by the names of the events.");

static PyObject *
recorder_callbacks(PyObject *self, PyTypeObject *type, PyObject *const *args, Py_ssize_t count,
                   PyObject *names)
{
    (void)args, (void)names;
    if (count != 0) {
        PyErr_SetString(PyExc_TypeError, "callbacks() takes no arguments");
        return NULL;
    }
    if (recorder_check((Recorder *)self) < 0) {
        return NULL;
    }
    return monitoring_callbacks((Recorder *)self, type);
}
#else
PyDoc_STRVAR(begin_thread_doc, "begin_thread(frame, event, arg)\n--\n\n"
                               "For threading.setprofile(): record a thread that begins, if "
                               "recorded code has started it.");

static PyObject *
recorder_begin_thread_hook(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    return profilefunc_begin_thread((Recorder *)self, args, count);
}
#endif

PyDoc_STRVAR(functions_doc, "functions()\n--\n\n"
                            "What was called, as pairs: kind (0 code object, 1 builtin, 2 other "
                            "callable, 3 what was folded), and the object or its name.");

static PyObject *
recorder_functions(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    return recorder_check((Recorder *)self) < 0 ? NULL : result_functions((Recorder *)self);
}

PyDoc_STRVAR(columns_doc,
             "columns(map)\n--\n\n"
             "The call trees as columns in pre-order. `map` holds for each of functions() the "
             "number that it has in the result, or -1 for one of ours: its time is own, and its "
             "callees are its caller's. Functions of one number are put together.\n\n"
             "Returns a dict of bytes, 64-bit integers: parent (offset to it, 0 for a root), "
             "function, thread, calls, self (ns), and thread_ns (self times of each root); of "
             "roots, a list of (kind, Thread or None, "
             "function, tasks, wall in ns), which thread counts; and of own_ns, root_ns, "
             "tracing_ns, task_tracing_ns (a part of that), events, folded, lost.");

static PyObject *
recorder_columns(PyObject *self, PyObject *map)
{
    return recorder_check((Recorder *)self) < 0 ? NULL : result_columns((Recorder *)self, map);
}

static PyObject *
get_clock_drift(PyObject *self, void *Py_UNUSED(closure))
{
    Recorder *recorder = (Recorder *)self;
    ClockReading first = clock_first_reading();
    if (recorder->started.ns - first.ns < 10000000) {
        return PyFloat_FromDouble(0.0); /* too short to compare with */
    }
    double before = clock_ns_per_tick(first, recorder->started);
    double all = clock_ns_per_tick(first, recorder->stopped);
    return PyFloat_FromDouble(before > 0 ? all / before - 1.0 : 0.0);
}

static PyGetSetDef recorder_getset[] = {
    {"clock_drift", get_clock_drift, NULL,
     "How far the counter's speed, over the recording, is from what it was before: a share.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef recorder_members[] = {
    {"is_out_of_memory", T_INT, offsetof(Recorder, is_out_of_memory), READONLY, NULL},
    {"was_replaced", T_INT, offsetof(Recorder, was_replaced), READONLY,
     "Python 3.11: whether another profiler took the thread's profile function."},
    {NULL, 0, 0, 0, NULL},
};

PyMethodDef recorder_methods[RECORDER_METHODS] = {
    {"start", recorder_start, METH_NOARGS, start_doc},
    {"call", (PyCFunction)(void (*)(void))gate_call, METH_FASTCALL, call_doc},
    {"resume", gate_resume, METH_NOARGS, resume_doc},
    {"pause", gate_pause, METH_NOARGS, pause_doc},
    {"mute", gate_mute, METH_NOARGS, mute_doc},
    {"unmute", gate_unmute, METH_O, unmute_doc},
    {"switched", (PyCFunction)(void (*)(void))greenlets_switched, METH_FASTCALL, switched_doc},
    {"finish", recorder_finish, METH_NOARGS, finish_doc},
    {"functions", recorder_functions, METH_NOARGS, functions_doc},
    {"columns", recorder_columns, METH_O, columns_doc},
#if RECORDER_MONITORS
    {"callbacks", (PyCFunction)(void (*)(void))recorder_callbacks,
     METH_METHOD | METH_FASTCALL | METH_KEYWORDS, callbacks_doc},
#else
    {"begin_thread", (PyCFunction)(void (*)(void))recorder_begin_thread_hook, METH_FASTCALL,
     begin_thread_doc},
#endif
    {NULL, NULL, 0, NULL},
};

PyDoc_STRVAR(
    recorder_doc,
    "Recorder(*, display=None, own=None, variable=None, thread_start=None, "
    "thread_begin=None, limit=2000000, cost_ns=0.0)\n--\n\n"
    "Records call paths of the code that is passed to call(), in the thread that makes it.\n\n"
    "display: code object of the displayhook; what it calls is left out. own: set of code "
    "objects of ours. variable: a ContextVar that marks tasks of the cell; None follows no "
    "tasks. thread_start, thread_begin: code objects of threading.Thread.start and "
    "_bootstrap_inner, to record threads as well. limit: nodes a thread; what comes then "
    "is folded. cost_ns: what recording an event takes; it is charged to no function.");

static PyType_Slot recorder_slots[] = {
    {Py_tp_doc, (void *)recorder_doc}, {Py_tp_new, PyType_GenericNew},
    {Py_tp_init, recorder_init},       {Py_tp_traverse, recorder_traverse},
    {Py_tp_clear, recorder_clear},     {Py_tp_dealloc, recorder_dealloc},
    {Py_tp_methods, recorder_methods}, {Py_tp_members, recorder_members},
    {Py_tp_getset, recorder_getset},   {0, NULL},
};

PyType_Spec recorder_spec = {
    .name = "jupyterlab_profiler.collect._recorder.Recorder",
    .basicsize = sizeof(Recorder),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = recorder_slots,
};
