/* Events from PyEval_SetProfile, Python 3.11: one profile function a thread. */
#include "events.h"

#if !RECORDER_MONITORS

/* A variable of a frame. New reference, or NULL without an exception. */
static PyObject *
variable(PyFrameObject *frame, const char *name)
{
    PyObject *locals = PyFrame_GetLocals(frame);
    PyObject *value = locals == NULL ? NULL : PyMapping_GetItemString(locals, name);
    Py_XDECREF(locals);
    PyErr_Clear();
    return value;
}

/* Whether it was told that a frame was entered, which an error leaves now.
 *
 * An Interrupt may strike at its very begin: the interpreter looks for signals there before it
 * tells that the function is called, and once more after that. Only a signal's handler can have run
 * from there, so if it was told, that was the last event but for those of the handler. Where that
 * has called more, it is told by the innermost function, unless that calls itself. */
static int
was_entered(const ThreadTree *thread, PyFrameObject *frame, PyCodeObject *code)
{
    if (thread->entered == frame || !code_is_start(code, PyFrame_GetLasti(frame))) {
        return 1;
    }
    PyFrameObject *back = PyFrame_GetBack(frame);
    PyCodeObject *caller = back == NULL ? NULL : PyFrame_GetCode(back);
    Py_XDECREF(back);
    Py_XDECREF(caller);
    return caller != code && thread->tree.nodes[thread->tree.current].key == (void *)code;
}

static int
on_event(PyObject *self, PyFrameObject *frame, int what, PyObject *arg)
{
    Recorder *recorder = (Recorder *)self;
    if (!recorder->is_recording) {
        return 0;
    }
    ThreadTree *thread = events_thread(recorder);
    if (thread == NULL) {
        return 0;
    }
    Ticks now = clock_ticks();
    switch (what) {
    case PyTrace_CALL: {
        PyCodeObject *code = PyFrame_GetCode(frame);
        int is_open = thread_is_open(thread);
        if (is_open && (PyObject *)code == recorder->thread_start) {
            recorder_note_start(recorder, variable(frame, "self"));
        }
        int may_be_task = thread->tree.current == TASK_ROOT || !is_open;
        events_enter(recorder, thread, (PyObject *)code,
                     may_be_task && (code->co_flags & CO_COROUTINE)
                         && code_is_start(code, PyFrame_GetLasti(frame)),
                     now);
        Py_DECREF(code);
        thread->entered_before = thread->entered;
        thread->entered = frame;
        break;
    }
    case PyTrace_RETURN: {
        PyCodeObject *code = PyFrame_GetCode(frame);
        if (arg != NULL || was_entered(thread, frame, code)) {
            events_leave(recorder, thread, (PyObject *)code, now);
        }
        Py_DECREF(code);
        thread->entered = thread->entered == frame ? thread->entered_before : NULL;
        thread->entered_before = NULL;
        break;
    }
    case PyTrace_C_CALL:
        events_enter_callable(recorder, thread, arg, NULL, now);
        break;
    case PyTrace_C_RETURN:
    case PyTrace_C_EXCEPTION:
        events_leave_callable(recorder, thread, arg, NULL, now);
        break;
    default:
        break;
    }
    return 0;
}

static int
has_ours(const PyThreadState *state, const Recorder *recorder)
{
    return state->c_profilefunc == on_event && state->c_profileobj == (const PyObject *)recorder;
}

int
profilefunc_is_ours(Recorder *recorder)
{
    return has_ours(PyThreadState_Get(), recorder);
}

int
profilefunc_install(Recorder *recorder)
{
    if (PyThreadState_Get()->c_profilefunc != NULL) {
        return -1;
    }
    PyEval_SetProfile(on_event, (PyObject *)recorder);
    return 0;
}

void
profilefunc_remove(Recorder *recorder)
{
    PyThreadState *mine = PyThreadState_Get();
    PyThreadState *state = PyInterpreterState_ThreadHead(PyThreadState_GetInterpreter(mine));
    for (; state != NULL; state = PyThreadState_Next(state)) {
        if (has_ours(state, recorder)) {
            /* Of other threads too, as threading.setprofile_all_threads does since 3.12. */
            _PyEval_SetProfile(state, NULL, NULL);
        }
    }
}

PyObject *
profilefunc_begin_thread(Recorder *recorder, PyObject *const *args, Py_ssize_t count)
{
    PyObject *threading = PyImport_ImportModule("threading");
    PyObject *thread =
        threading == NULL ? NULL : PyObject_CallMethod(threading, "current_thread", NULL);
    Py_XDECREF(threading);
    if (thread == NULL) {
        return NULL;
    }
    ThreadTree *begun = recorder->is_recording ? recorder_begin_thread(recorder, thread) : NULL;
    Py_DECREF(thread);
    /* In the place of the function that calls this one. */
    if (begun != NULL) {
        PyEval_SetProfile(on_event, (PyObject *)recorder);
        if (count == 3 && PyFrame_Check(args[0]) && PyUnicode_Check(args[1])
            && PyUnicode_CompareWithASCIIString(args[1], "call") == 0) {
            on_event((PyObject *)recorder, (PyFrameObject *)args[0], PyTrace_CALL, Py_None);
        }
    }
    else {
        PyEval_SetProfile(NULL, NULL);
    }
    Py_RETURN_NONE;
}
#endif
