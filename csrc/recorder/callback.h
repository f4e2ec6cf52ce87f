/* Callables for sys.monitoring (PEP 669), Python 3.12 and newer: called by the vectorcall protocol,
 * so an event costs one C call. */
#ifndef RECORDER_CALLBACK_H
#define RECORDER_CALLBACK_H

#include "recorder.h"

#if RECORDER_MONITORS

typedef struct {
    PyObject_HEAD vectorcallfunc call;
    PyObject *recorder; /* owned */
    PyObject *missing;  /* owned: sys.monitoring.MISSING, where a call has no first argument */
} Callback;

/* An event of sys.monitoring, and what is called for it. */
typedef struct {
    const char *event;
    vectorcallfunc call;
} Heard;

extern PyType_Spec callback_spec;

/* The callables for sys.monitoring: a dict of the event's name to a callable. `type`: one that has
 * the module's state. */
PyObject *callback_dict(PyTypeObject *type, PyObject *recorder, const Heard *heard, size_t count);

/* Whether this was called with a code object and enough after it. 0 with an exception: it is
 * Python that calls, but whoever finds the callback can. */
static inline int
callback_is_given(PyObject *const *args, size_t count, PyObject *names, Py_ssize_t least)
{
    if (names == NULL && PyVectorcall_NARGS(count) >= least && PyCode_Check(args[0])) {
        return 1;
    }
    PyErr_SetString(PyExc_TypeError, "a callback takes the arguments of its event");
    return 0;
}

#endif
#endif
