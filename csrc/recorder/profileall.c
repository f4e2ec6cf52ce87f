/* A profile function of Python's, for all threads at once. */
#include "events.h"

PyObject *
profile_all_from(PyObject *module, PyObject *const *args, Py_ssize_t count)
{
    (void)module;
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "profile_all_from() takes start and function");
        return NULL;
    }
    PyObject *setprofile = PySys_GetObject("setprofile"); /* borrowed */
    if (setprofile == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "sys.setprofile is missing");
        return NULL;
    }
    Py_INCREF(setprofile);
    PyObject *function = args[1];
    PyObject *started = PyObject_CallNoArgs(args[0]);
    /* Only sys.setprofile() knows the C function that calls one of Python's. */
    PyObject *set = started == NULL ? NULL : PyObject_CallOneArg(setprofile, function);
    Py_DECREF(setprofile);
    if (set == NULL) {
        Py_XDECREF(started);
        return NULL;
    }
    Py_DECREF(set);
    PyThreadState *mine = PyThreadState_Get();
    Py_tracefunc caller = mine->c_profilefunc;
#if RECORDER_MONITORS
    PyEval_SetProfileAllThreads(caller, function);
#else
    PyThreadState *state = PyInterpreterState_ThreadHead(PyThreadState_GetInterpreter(mine));
    for (; state != NULL; state = PyThreadState_Next(state)) {
        if (state != mine && _PyEval_SetProfile(state, caller, function) < 0) {
            Py_DECREF(started);
            return NULL;
        }
    }
#endif
    return started;
}
