/* Events from sys.monitoring (PEP 669), Python 3.12 and newer.
 *
 * Its callbacks are called by the vectorcall protocol, so an event costs one C call. They come for
 * every thread; events of threads that are not recorded are dropped at once. */
#include "events.h"

#if RECORDER_MONITORS
#include <stddef.h>

typedef struct {
    PyObject_HEAD vectorcallfunc call;
    Recorder *recorder; /* owned */
    PyObject *missing;  /* owned: sys.monitoring.MISSING, where a call has no first argument */
} Callback;

/* Whether this was called with a code object and enough after it. 0 with an exception: it is
 * Python that calls, but whoever finds the callback can. */
static inline int
are_given(PyObject *const *args, size_t count, PyObject *names, Py_ssize_t least)
{
    if (names == NULL && PyVectorcall_NARGS(count) >= least && PyCode_Check(args[0])) {
        return 1;
    }
    PyErr_SetString(PyExc_TypeError, "a callback takes the arguments of its event");
    return 0;
}

/* Arguments: (code, offset[, ...]). */
static PyObject *
on_enter(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Recorder *recorder = ((Callback *)self)->recorder;
    if (!are_given(args, count, names, 1)) {
        return NULL;
    }
    ThreadTree *thread = events_thread(recorder);
    if (thread != NULL) {
        events_enter(recorder, thread, args[0], 0, clock_ticks());
    }
    Py_RETURN_NONE;
}

/* A variable of the Python function that runs. New reference, or NULL without an exception. */
static PyObject *
variable(const char *name)
{
    PyFrameObject *frame = PyThreadState_GetFrame(PyThreadState_Get());
    PyObject *value = frame == NULL ? NULL : PyFrame_GetVarString(frame, name);
    Py_XDECREF(frame);
    PyErr_Clear();
    return value;
}

static PyObject *
on_start(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Recorder *recorder = ((Callback *)self)->recorder;
    if (!are_given(args, count, names, 1)) {
        return NULL;
    }
    PyObject *code = args[0];
    if (recorder->follows_threads && recorder->is_recording && code == recorder->thread_begin
        && thread_ident() != recorder->main->ident) {
        PyObject *thread = variable("self");
        if (thread != NULL) {
            recorder_begin_thread(recorder, thread);
            Py_DECREF(thread);
        }
    }
    ThreadTree *thread = events_thread(recorder);
    if (thread != NULL) {
        if (code == recorder->thread_start && thread_is_open(thread)) {
            recorder_note_start(recorder, variable("self"));
        }
        events_enter(recorder, thread, code, 1, clock_ticks());
    }
    Py_RETURN_NONE;
}

static PyObject *
on_leave(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Recorder *recorder = ((Callback *)self)->recorder;
    if (!are_given(args, count, names, 1)) {
        return NULL;
    }
    ThreadTree *thread = events_thread(recorder);
    if (thread != NULL) {
        events_leave(recorder, thread, args[0], clock_ticks());
    }
    Py_RETURN_NONE;
}

#if PY_VERSION_HEX >= 0x030D0000
/* Whether the function that runs is at its very begin. Since Python 3.13 the interpreter looks for
 * signals there before it tells that the function starts. */
static int
is_at_start(PyObject *code)
{
    PyFrameObject *frame = PyThreadState_GetFrame(PyThreadState_Get());
    int is_start = frame != NULL && code_is_start((PyCodeObject *)code, PyFrame_GetLasti(frame));
    Py_XDECREF(frame);
    return is_start;
}

static PyObject *
on_unwind(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Recorder *recorder = ((Callback *)self)->recorder;
    if (!are_given(args, count, names, 1)) {
        return NULL;
    }
    /* An Interrupt that strikes there: nobody has told that it was entered. */
    if (events_thread(recorder) != NULL && is_at_start(args[0])) {
        Py_RETURN_NONE;
    }
    return on_leave(self, args, count, names);
}
#else
#define on_unwind on_leave
#endif

/* Arguments: (code, offset, callable, first argument or MISSING). */
static PyObject *
on_call(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Callback *callback = (Callback *)self;
    if (!are_given(args, count, names, 4)) {
        return NULL;
    }
    /* Of a Python function its start will be told. */
    if (!functions_is_python(args[2])) {
        ThreadTree *thread = events_thread(callback->recorder);
        if (thread != NULL) {
            PyObject *first = args[3] == callback->missing ? NULL : args[3];
            events_enter_callable(callback->recorder, thread, args[2], first, clock_ticks());
        }
    }
    Py_RETURN_NONE;
}

static PyObject *
on_returned(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Callback *callback = (Callback *)self;
    if (!are_given(args, count, names, 4)) {
        return NULL;
    }
    if (!functions_is_python(args[2])) {
        ThreadTree *thread = events_thread(callback->recorder);
        if (thread != NULL) {
            PyObject *first = args[3] == callback->missing ? NULL : args[3];
            events_leave_callable(callback->recorder, thread, args[2], first, clock_ticks());
        }
    }
    Py_RETURN_NONE;
}

static int
callback_traverse(PyObject *self, visitproc visit, void *arg)
{
    Callback *callback = (Callback *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(callback->recorder);
    Py_VISIT(callback->missing);
    return 0;
}

static int
callback_clear(PyObject *self)
{
    Callback *callback = (Callback *)self;
    Py_CLEAR(callback->missing);
    return 0; /* the recorder stays: an event may still come while this is alive */
}

static void
callback_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    callback_clear(self);
    Py_CLEAR(((Callback *)self)->recorder);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyMemberDef callback_members[] = {
    {"__vectorcalloffset__", Py_T_PYSSIZET, offsetof(Callback, call), Py_READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot callback_slots[] = {
    {Py_tp_traverse, callback_traverse}, {Py_tp_clear, callback_clear},
    {Py_tp_dealloc, callback_dealloc},   {Py_tp_call, PyVectorcall_Call},
    {Py_tp_members, callback_members},   {0, NULL},
};

PyType_Spec monitoring_callback_spec = {
    .name = "jupyterlab_profiler.collect._recorder.Callback",
    .basicsize = sizeof(Callback),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
             | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = callback_slots,
};

static PyObject *
callback_new(PyTypeObject *type, Recorder *recorder, PyObject *missing, vectorcallfunc call)
{
    Callback *callback = (Callback *)type->tp_alloc(type, 0);
    if (callback != NULL) {
        callback->call = call;
        callback->recorder = (Recorder *)Py_NewRef(recorder);
        callback->missing = Py_NewRef(missing);
    }
    return (PyObject *)callback;
}

PyObject *
monitoring_callbacks(Recorder *recorder, PyTypeObject *callback_type)
{
    static const struct {
        const char *event;
        vectorcallfunc call;
    } wanted[] = {
        {"PY_START", on_start},  {"PY_RESUME", on_enter},   {"PY_THROW", on_enter},
        {"PY_RETURN", on_leave}, {"PY_YIELD", on_leave},    {"PY_UNWIND", on_unwind},
        {"CALL", on_call},       {"C_RETURN", on_returned}, {"C_RAISE", on_returned},
    };

    PyObject *monitoring = PySys_GetObject("monitoring"); /* borrowed */
    PyObject *missing = monitoring == NULL ? NULL : PyObject_GetAttrString(monitoring, "MISSING");
    PyObject *callbacks = missing == NULL ? NULL : PyDict_New();
    for (size_t i = 0; callbacks != NULL && i < sizeof wanted / sizeof *wanted; i++) {
        PyObject *callback = callback_new(callback_type, recorder, missing, wanted[i].call);
        if (callback == NULL || PyDict_SetItemString(callbacks, wanted[i].event, callback) < 0) {
            Py_CLEAR(callbacks);
        }
        Py_XDECREF(callback);
    }
    Py_XDECREF(missing);
    if (callbacks == NULL && !PyErr_Occurred()) {
        PyErr_SetString(PyExc_RuntimeError, "this Python has no sys.monitoring");
    }
    return callbacks;
}
#endif
