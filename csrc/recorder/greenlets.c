/* Several call stacks in one thread. */
#include "recorder.h"

PyObject *
greenlets_switched(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Recorder *recorder = (Recorder *)self;
    if (count != 2 || !PyTuple_Check(args[1]) || PyTuple_GET_SIZE(args[1]) != 2) {
        PyErr_SetString(PyExc_TypeError, "switched() takes an event and two greenlets");
        return NULL;
    }
    if (recorder->main == NULL || thread_ident() != recorder->main->ident
        || !thread_is_open(recorder->main)) {
        Py_RETURN_NONE;
    }
    Tree *tree = &recorder->main->tree;
    tree_charge(tree, clock_ticks());
    PyObject *origin = PyTuple_GET_ITEM(args[1], 0), *target = PyTuple_GET_ITEM(args[1], 1);
    PyObject *from = PyLong_FromVoidPtr(origin), *to = PyLong_FromVoidPtr(target);
    PyObject *node = PyLong_FromLong(tree->current);
    PyObject *dead = PyObject_GetAttrString(origin, "dead");
    PyObject *result = NULL;
    if (from == NULL || to == NULL || node == NULL || dead == NULL) {
        goto done;
    }
    if (dead == Py_True) {
        if (PyDict_GetItemWithError(recorder->stacks, from) != NULL
            && PyDict_DelItem(recorder->stacks, from) < 0) {
            goto done;
        }
    }
    else if (PyDict_SetItem(recorder->stacks, from, node) < 0) {
        goto done;
    }
    /* A greenlet that begins goes on below the one that switched to it first. */
    PyObject *stack = PyDict_GetItemWithError(recorder->stacks, to);
    if (stack != NULL) {
        long current = PyLong_AsLong(stack);
        if (current >= 0 && current < tree->length) {
            tree->current = (int32_t)current;
        }
        if (PyDict_DelItem(recorder->stacks, to) < 0) {
            goto done;
        }
    }
    if (!PyErr_Occurred()) {
        result = Py_NewRef(Py_None);
    }
done:
    Py_XDECREF(from);
    Py_XDECREF(to);
    Py_XDECREF(node);
    Py_XDECREF(dead);
    return result;
}
