/* jupyterlab_profiler.collect._recorder: call paths and lines, recorded in C. */
#include "callback.h"
#include "lines.h"
#include "recorder.h"

/* The state of the module: its type of callbacks. */
typedef struct {
    PyTypeObject *callback_type;
} State;

PyDoc_STRVAR(clock_name_doc, "clock_name()\n--\n\nWhat the clock is called, in words.");

static PyObject *
module_clock_name(PyObject *module, PyObject *Py_UNUSED(ignored))
{
    (void)module;
    return PyUnicode_FromString(clock_name());
}

PyDoc_STRVAR(use_counter_doc,
             "use_counter(wanted)\n--\n\n"
             "Whether to read the processor's counter where it can be trusted (the default), or "
             "the system's clock. Not while a recorder runs. Returns whether it is used.");

static PyObject *
module_use_counter(PyObject *module, PyObject *wanted)
{
    (void)module;
    int is_wanted = PyObject_IsTrue(wanted);
    if (is_wanted < 0) {
        return NULL;
    }
    clock_setup(is_wanted);
    return PyBool_FromLong(clock_uses_counter);
}

PyDoc_STRVAR(
    derive_doc,
    "derive(parent, function, thread, time, calls, skip, functions)\n--\n\n"
    "Totals and edges of a call tree in pre-order, as jupyterlab_profiler.derive has them. "
    "The columns are buffers of 64-bit integers (thread may be None); skip is a byte for "
    "each of so many functions, 1 for those whose callees are their caller's, or None.");

PyDoc_STRVAR(profile_all_from_doc,
             "profile_all_from(start, function)\n--\n\n"
             "Call start(), and give every thread this profile function as sys.setprofile() does; "
             "no other thread runs Python code between. Returns what start() does.");

static PyMethodDef module_methods[] = {
    {"clock_name", module_clock_name, METH_NOARGS, clock_name_doc},
    {"use_counter", module_use_counter, METH_O, use_counter_doc},
    {"derive", derive_tables, METH_VARARGS, derive_doc},
    {"profile_all_from", (PyCFunction)(void (*)(void))profile_all_from, METH_FASTCALL,
     profile_all_from_doc},
    {NULL, NULL, 0, NULL},
};

static int
add_type(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int result = type == NULL ? -1 : PyModule_AddObjectRef(module, name, type);
    Py_XDECREF(type);
    return result;
}

static int
module_exec(PyObject *module)
{
    State *state = PyModule_GetState(module);
    clock_setup(1);
    if (add_type(module, "Recorder", &recorder_spec) < 0) {
        return -1;
    }
#if RECORDER_MONITORS
    if (add_type(module, "LineRecorder", &line_recorder_spec) < 0) {
        return -1;
    }
    state->callback_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &callback_spec, NULL);
    if (state->callback_type == NULL) {
        return -1;
    }
#else
    state->callback_type = NULL;
#endif
    return 0;
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    State *state = PyModule_GetState(module);
    Py_VISIT(state->callback_type);
    return 0;
}

static int
module_clear(PyObject *module)
{
    State *state = PyModule_GetState(module);
    Py_CLEAR(state->callback_type);
    return 0;
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
#if RECORDER_MONITORS
    /* The clock is one for all interpreters, and events are told apart by threads. */
    {Py_mod_multiple_interpreters, Py_MOD_MULTIPLE_INTERPRETERS_NOT_SUPPORTED},
#endif
    {0, NULL},
};

static PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "_recorder",
    .m_doc = "Call paths and lines, recorded in C.",
    .m_size = sizeof(State),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
};

#ifdef Py_GIL_DISABLED
#error "the recorder needs the global interpreter lock"
#endif

PyMODINIT_FUNC
PyInit__recorder(void)
{
    return PyModuleDef_Init(&module_definition);
}
