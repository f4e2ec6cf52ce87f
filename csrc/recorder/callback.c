/* The type of the callables for sys.monitoring. */
#include "callback.h"

#if RECORDER_MONITORS
#include <stddef.h>

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

PyType_Spec callback_spec = {
    .name = "jupyterlab_profiler.collect._recorder.Callback",
    .basicsize = sizeof(Callback),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL
             | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = callback_slots,
};

static PyObject *
callback_new(PyTypeObject *type, PyObject *recorder, PyObject *missing, vectorcallfunc call)
{
    Callback *callback = (Callback *)type->tp_alloc(type, 0);
    if (callback != NULL) {
        callback->call = call;
        callback->recorder = Py_NewRef(recorder);
        callback->missing = Py_NewRef(missing);
    }
    return (PyObject *)callback;
}

PyObject *
callback_dict(PyTypeObject *type, PyObject *recorder, const Heard *heard, size_t count)
{
    PyTypeObject **callback_type = PyType_GetModuleState(type);
    PyObject *monitoring = PySys_GetObject("monitoring"); /* borrowed */
    PyObject *missing = monitoring == NULL ? NULL : PyObject_GetAttrString(monitoring, "MISSING");
    PyObject *callbacks = missing == NULL ? NULL : PyDict_New();
    for (size_t i = 0; callbacks != NULL && i < count; i++) {
        PyObject *callback = callback_new(*callback_type, recorder, missing, heard[i].call);
        if (callback == NULL || PyDict_SetItemString(callbacks, heard[i].event, callback) < 0) {
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
