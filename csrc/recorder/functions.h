/* What the keys of a tree stand for: code objects, builtins, and other callables. */
#ifndef RECORDER_FUNCTIONS_H
#define RECORDER_FUNCTIONS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

/* What a function is. */
typedef enum {
    FUNCTION_CODE,     /* object: the code object */
    FUNCTION_BUILTIN,  /* object: the text that cProfile names it by */
    FUNCTION_CALLABLE, /* object: the callable, or its type where instances come and go */
    FUNCTION_FOLDED,   /* object: None. Stands for all that is called below a full tree */
} FunctionKind;

typedef struct {
    void *key;
    PyObject *object; /* owned: so no other object gets the key's address */
    FunctionKind kind;
} Function;

typedef struct {
    Function *items; /* owned */
    int32_t length, capacity;
    int32_t *slots; /* owned; hash table of indices by key, -1 where empty */
    uint32_t mask;
    int32_t instances; /* callables that are kept as themselves, not as their type */
} Functions;

/* For hash tables by address. */
static inline uint32_t
pointer_hash(const void *key)
{
    return (uint32_t)(((uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

/* 0, or -1 where there is no memory. */
int functions_init(Functions *functions);
void functions_clear(Functions *functions);
int functions_traverse(Functions *functions, visitproc visit, void *arg);

/* The index of a key, or -1. */
int32_t functions_find(const Functions *functions, const void *key);

/* The index of a code object. -1 where there is no memory, with no exception set. */
int32_t functions_code(Functions *functions, PyObject *code);

/* The index of what stands for the calls below a full tree. */
int32_t functions_folded(Functions *functions);

/* The index of what `callable` is known by, under the key that functions_key gave for it. */
int32_t functions_callable(Functions *functions, void *key, PyObject *callable, PyObject *self);

/* Whether this is a Python function, or a method that is one: most of what is called. */
static inline int
functions_is_python(PyObject *callable)
{
    return Py_IS_TYPE(callable, &PyFunction_Type)
           || (Py_IS_TYPE(callable, &PyMethod_Type)
               && Py_IS_TYPE(PyMethod_GET_FUNCTION(callable), &PyFunction_Type));
}

/* The key of what is no builtin of the usual sorts. */
void *functions_other_key(const Functions *functions, PyObject *callable, PyObject *self);

/* The key of something that is called and is no Python function; NULL for one of those, and for
 * what cannot be called so (an unbound method without an object).
 *
 * `self`: the first argument, or NULL if there is none. */
static inline void *
functions_key(const Functions *functions, PyObject *callable, PyObject *self)
{
    if (Py_IS_TYPE(callable, &PyCFunction_Type)) {
        return ((PyCFunctionObject *)callable)->m_ml;
    }
    if (Py_IS_TYPE(callable, &PyMethodDescr_Type)) {
        return self == NULL ? NULL : ((PyMethodDescrObject *)callable)->d_method;
    }
    return functions_other_key(functions, callable, self);
}

/* Whether a frame of this code is at its very begin: at the instruction RESUME with the argument 0
 * (a generator that is resumed has another one). `instruction` is what PyFrame_GetLasti says. */
int code_is_start(PyCodeObject *code, int instruction);

#endif
