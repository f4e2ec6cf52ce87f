/* Events from sys.monitoring (PEP 669), Python 3.12 and newer.
 *
 * They come for every thread; events of threads that are not recorded are dropped at once. */
#include "callback.h"
#include "events.h"

#if RECORDER_MONITORS

/* Arguments: (code, offset[, ...]). */
static PyObject *
on_enter(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Recorder *recorder = (Recorder *)((Callback *)self)->recorder;
    if (!callback_is_given(args, count, names, 1)) {
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
    Recorder *recorder = (Recorder *)((Callback *)self)->recorder;
    if (!callback_is_given(args, count, names, 1)) {
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
    Recorder *recorder = (Recorder *)((Callback *)self)->recorder;
    if (!callback_is_given(args, count, names, 1)) {
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
    Recorder *recorder = (Recorder *)((Callback *)self)->recorder;
    if (!callback_is_given(args, count, names, 1)) {
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
    Recorder *recorder = (Recorder *)callback->recorder;
    if (!callback_is_given(args, count, names, 4)) {
        return NULL;
    }
    /* Of a Python function its start will be told. */
    if (!functions_is_python(args[2])) {
        ThreadTree *thread = events_thread(recorder);
        if (thread != NULL) {
            PyObject *first = args[3] == callback->missing ? NULL : args[3];
            events_enter_callable(recorder, thread, args[2], first, clock_ticks());
        }
    }
    Py_RETURN_NONE;
}

static PyObject *
on_returned(PyObject *self, PyObject *const *args, size_t count, PyObject *names)
{
    Callback *callback = (Callback *)self;
    Recorder *recorder = (Recorder *)callback->recorder;
    if (!callback_is_given(args, count, names, 4)) {
        return NULL;
    }
    if (!functions_is_python(args[2])) {
        ThreadTree *thread = events_thread(recorder);
        if (thread != NULL) {
            PyObject *first = args[3] == callback->missing ? NULL : args[3];
            events_leave_callable(recorder, thread, args[2], first, clock_ticks());
        }
    }
    Py_RETURN_NONE;
}

PyObject *
monitoring_callbacks(Recorder *recorder, PyTypeObject *type)
{
    static const Heard heard[] = {
        {"PY_START", on_start},  {"PY_RESUME", on_enter},   {"PY_THROW", on_enter},
        {"PY_RETURN", on_leave}, {"PY_YIELD", on_leave},    {"PY_UNWIND", on_unwind},
        {"CALL", on_call},       {"C_RETURN", on_returned}, {"C_RAISE", on_returned},
    };
    return callback_dict(type, (PyObject *)recorder, heard, sizeof heard / sizeof *heard);
}
#endif
