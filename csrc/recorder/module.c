/* The extension module jupyterlab_profiler.collect._recorder. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "recorder.h"

PyDoc_STRVAR(module_doc, "The compiled part of the package.");

static int
add_constants(PyObject *module)
{
    return PyModule_AddIntConstant(module, "VERSION", RECORDER_VERSION);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, add_constants},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "jupyterlab_profiler.collect._recorder",
    .m_doc = module_doc,
    .m_slots = slots,
};

PyMODINIT_FUNC
PyInit__recorder(void)
{
    return PyModuleDef_Init(&definition);
}
