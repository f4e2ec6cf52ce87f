#include "functions.h"

#include <opcode.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

/* Callables of one sort that are told apart. A program may make them without end. */
#define MOST_INSTANCES 4096

static void
put(Functions *functions, int32_t index)
{
    uint32_t slot = pointer_hash(functions->items[index].key) & functions->mask;
    while (functions->slots[slot] >= 0) {
        slot = (slot + 1) & functions->mask;
    }
    functions->slots[slot] = index;
}

static int
rehash(Functions *functions, uint32_t size)
{
    int32_t *slots = malloc(sizeof(int32_t) * size);
    if (slots == NULL) {
        return -1;
    }
    memset(slots, 0xFF, sizeof(int32_t) * size);
    free(functions->slots);
    functions->slots = slots;
    functions->mask = size - 1;
    for (int32_t index = 0; index < functions->length; index++) {
        put(functions, index);
    }
    return 0;
}

int
functions_init(Functions *functions)
{
    memset(functions, 0, sizeof *functions);
    functions->capacity = 64;
    functions->items = malloc(sizeof(Function) * (size_t)functions->capacity);
    return functions->items == NULL ? -1 : rehash(functions, 256);
}

void
functions_clear(Functions *functions)
{
    int32_t length = functions->length;
    functions->length = 0;
    for (int32_t index = 0; index < length; index++) {
        Py_DECREF(functions->items[index].object);
    }
    free(functions->items);
    free(functions->slots);
    functions->items = NULL;
    functions->slots = NULL;
    functions->capacity = 0;
}

int
functions_traverse(Functions *functions, visitproc visit, void *arg)
{
    for (int32_t index = 0; index < functions->length; index++) {
        Py_VISIT(functions->items[index].object);
    }
    return 0;
}

int32_t
functions_find(const Functions *functions, const void *key)
{
    if (functions->slots == NULL) {
        return -1;
    }
    uint32_t slot = pointer_hash(key) & functions->mask;
    for (; functions->slots[slot] >= 0; slot = (slot + 1) & functions->mask) {
        if (functions->items[functions->slots[slot]].key == key) {
            return functions->slots[slot];
        }
    }
    return -1;
}

/* Keep a function; `object` is a new reference, which is taken over also where it fails. */
static int32_t
add(Functions *functions, void *key, PyObject *object, FunctionKind kind)
{
    if (functions->length == functions->capacity) {
        int32_t capacity = functions->capacity * 2;
        Function *items = realloc(functions->items, sizeof(Function) * (size_t)capacity);
        if (items == NULL) {
            Py_DECREF(object);
            return -1;
        }
        functions->items = items;
        functions->capacity = capacity;
    }
    if ((uint32_t)functions->length * 2 > functions->mask
        && rehash(functions, (functions->mask + 1) * 2) < 0) {
        Py_DECREF(object);
        return -1;
    }
    int32_t index = functions->length++;
    functions->items[index] = (Function){key, object, kind};
    put(functions, index);
    return index;
}

int32_t
functions_code(Functions *functions, PyObject *code)
{
    int32_t index = functions_find(functions, code);
    return index >= 0 ? index : add(functions, code, Py_NewRef(code), FUNCTION_CODE);
}

int32_t
functions_folded(Functions *functions)
{
    int32_t index = functions_find(functions, &tree_folded_key);
    if (index >= 0) {
        return index;
    }
    return add(functions, &tree_folded_key, Py_NewRef(Py_None), FUNCTION_FOLDED);
}

/* The text that cProfile names a builtin by (normalizeUserObj in CPython's Modules/_lsprof.c). No
 * reference to the builtin is kept: one bound to an object would keep that alive. */
static PyObject *
builtin_name(PyCFunctionObject *builtin)
{
    const char *name = builtin->m_ml->ml_name;
    PyObject *module = builtin->m_module;
    if (builtin->m_self == NULL) {
        PyObject *where = NULL;
        if (module != NULL && PyUnicode_Check(module)) {
            where = Py_NewRef(module);
        }
        else if (module != NULL && PyModule_Check(module)) {
            where = PyModule_GetNameObject(module);
            PyErr_Clear();
        }
        PyObject *text;
        if (where != NULL && PyUnicode_CompareWithASCIIString(where, "builtins") != 0) {
            text = PyUnicode_FromFormat("<%U.%s>", where, name);
        }
        else {
            text = PyUnicode_FromFormat("<%s>", name);
        }
        Py_XDECREF(where);
        return text;
    }
    PyObject *attribute = PyUnicode_FromString(name);
    if (attribute != NULL) {
        PyObject *method = _PyType_Lookup(Py_TYPE(builtin->m_self), attribute);
        Py_DECREF(attribute);
        /* A class may have put an object of its own there, whose repr is the user's code. */
        if (method != NULL
            && (Py_IS_TYPE(method, &PyMethodDescr_Type)
                || Py_IS_TYPE(method, &PyClassMethodDescr_Type)
                || Py_IS_TYPE(method, &PyWrapperDescr_Type) || PyCFunction_CheckExact(method)
                || PyFunction_Check(method))) {
            return PyObject_Repr(method);
        }
    }
    PyErr_Clear();
    if (module != NULL && PyUnicode_Check(module)) {
        return PyUnicode_FromFormat("<built-in method %U.%s>", module, name);
    }
    return PyUnicode_FromFormat("<built-in method %s>", name);
}

/* The builtin that is called: as itself, or as an unbound method with its object. New reference, or
 * NULL without an exception. */
static PyObject *
builtin_of(PyObject *callable, PyObject *self)
{
    if (PyCFunction_Check(callable)) {
        return Py_NewRef(callable);
    }
    if (self != NULL && Py_IS_TYPE(callable, &PyMethodDescr_Type)) {
        PyObject *bound =
            Py_TYPE(callable)->tp_descr_get(callable, self, (PyObject *)Py_TYPE(self));
        if (bound != NULL && PyCFunction_Check(bound)) {
            return bound;
        }
        Py_XDECREF(bound);
    }
    PyErr_Clear();
    return NULL;
}

/* Take a method and its object apart. */
static inline void
unwrap(PyObject **callable, PyObject **self)
{
    if (Py_IS_TYPE(*callable, &PyMethod_Type)) {
        *self = PyMethod_GET_SELF(*callable);
        *callable = PyMethod_GET_FUNCTION(*callable);
    }
}

int32_t
functions_callable(Functions *functions, void *key, PyObject *callable, PyObject *self)
{
    int32_t index = functions_find(functions, key);
    if (index >= 0) {
        return index;
    }
    unwrap(&callable, &self);
    if (PyCFunction_Check(callable) || Py_IS_TYPE(callable, &PyMethodDescr_Type)) {
        PyObject *builtin = builtin_of(callable, self);
        PyObject *name = builtin == NULL ? NULL : builtin_name((PyCFunctionObject *)builtin);
        Py_XDECREF(builtin);
        if (name == NULL) {
            PyErr_Clear();
            name = PyUnicode_FromFormat("<built-in method %s>", ((PyMethodDef *)key)->ml_name);
            if (name == NULL) {
                PyErr_Clear();
                return -1;
            }
        }
        /* Making the name may have let other code run, and that may have added it. */
        index = functions_find(functions, key);
        if (index >= 0) {
            Py_DECREF(name);
            return index;
        }
        return add(functions, key, name, FUNCTION_BUILTIN);
    }
    if (key == (void *)callable && !PyType_Check(callable)) {
        functions->instances++;
    }
    return add(functions, key, Py_NewRef((PyObject *)key), FUNCTION_CALLABLE);
}

/* Whether an instance of this type is a function of its own, made once and kept: a ufunc, a
 * function of Cython or nanobind, an lru_cache. Of other types, as functools.partial, instances
 * come and go. */
static int
is_function_like(PyTypeObject *type)
{
    static PyObject *name; /* interned: lives as long as the interpreter */
    if (PyType_HasFeature(type, Py_TPFLAGS_METHOD_DESCRIPTOR)) {
        return 1;
    }
    if (PyType_HasFeature(type, Py_TPFLAGS_HEAPTYPE)
        || strcmp(type->tp_name, "method-wrapper") == 0) {
        return 0;
    }
    if (name == NULL && (name = PyUnicode_InternFromString("__name__")) == NULL) {
        PyErr_Clear();
        return 0;
    }
    return _PyType_Lookup(type, name) != NULL;
}

void *
functions_other_key(const Functions *functions, PyObject *callable, PyObject *self)
{
    PyTypeObject *type = Py_TYPE(callable);
    if (type == &PyFunction_Type) {
        return NULL;
    }
    if (type == &PyMethod_Type) {
        unwrap(&callable, &self);
        return functions_key(functions, callable, self);
    }
    if (PyType_Check(callable)) {
        return callable;
    }
    if (PyCFunction_Check(callable)) {
        return ((PyCFunctionObject *)callable)->m_ml;
    }
    if (is_function_like(type)
        && (functions->instances < MOST_INSTANCES || functions_find(functions, callable) >= 0)) {
        return callable;
    }
    return type;
}

int
code_is_start(PyCodeObject *code, int instruction)
{
    PyObject *bytes = PyCode_GetCode(code);
    int is_start = 0;
    if (bytes != NULL && instruction >= 0 && instruction + 1 < PyBytes_GET_SIZE(bytes)) {
        const unsigned char *at = (const unsigned char *)PyBytes_AS_STRING(bytes) + instruction;
        is_start = at[0] == RESUME && at[1] == 0;
    }
    Py_XDECREF(bytes);
    PyErr_Clear();
    return is_start;
}
