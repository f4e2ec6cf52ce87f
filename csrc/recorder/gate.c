/* What opens and closes the gate of the recorder's own thread: the code that is measured runs
 * behind it. */
#include "recorder.h"

/* 0, or -1 with an exception: __init__ was not called, or this is another thread. */
int
recorder_check(const Recorder *recorder)
{
    if (recorder->main == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "this Recorder was not initialised");
        return -1;
    }
    if (thread_ident() != recorder->main->ident) {
        PyErr_SetString(PyExc_RuntimeError, "a Recorder belongs to the thread that made it");
        return -1;
    }
    return 0;
}

/* Open the gate of the recorder's own thread. */
static void
open_gate(Recorder *recorder)
{
    ThreadTree *thread = recorder->main;
    if (!recorder->is_recording || thread->gate == GATE_ENDED) {
        return;
    }
#if !RECORDER_MONITORS
    if (!profilefunc_is_ours(recorder)) {
        recorder->was_replaced = 1;
        profilefunc_install(recorder);
    }
#endif
    thread->gate = GATE_CELL;
    thread->displays = 0;
    thread->tree.current = CELL_ROOT;
    thread->tree.last = clock_ticks();
}

static void
close_gate(Recorder *recorder)
{
    ThreadTree *thread = recorder->main;
    if (!thread_is_open(thread)) {
        return;
    }
    tree_charge(&thread->tree, clock_ticks());
    if (thread->gate == GATE_TASK) {
        thread_leave_task(thread);
    }
    thread->gate = GATE_CLOSED;
    thread->displays = 0;
    thread->tree.current = CELL_ROOT;
}

/* What is open when all has returned was left without an event. */
static void
count_unclosed(Tree *tree)
{
    for (int32_t node = tree->current; node >= FIRST_NODE; node = tree->nodes[node].parent) {
        tree->lost++;
    }
}

PyObject *
gate_call(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Recorder *recorder = (Recorder *)self;
    if (recorder_check(recorder) < 0) {
        return NULL;
    }
    if (count < 1) {
        PyErr_SetString(PyExc_TypeError, "call() needs a function");
        return NULL;
    }
    PyObject *token = NULL;
    if (recorder->variable != NULL) {
        token = PyContextVar_Set(recorder->variable, Py_True);
        if (token == NULL) {
            return NULL;
        }
    }
    Py_INCREF(self);
    /* A loop inside a loop may run the cell's next step inside of one of its tasks. */
    ThreadTree *thread = recorder->main;
    Gate gate = thread->gate;
    int32_t current = thread->tree.current, displays = thread->displays;
    if (gate == GATE_CELL || gate == GATE_TASK) {
        close_gate(recorder);
    }
    open_gate(recorder);
    PyObject *result = PyObject_Vectorcall(args[0], args + 1, (size_t)count - 1, NULL);
    count_unclosed(&thread->tree);
    close_gate(recorder);
    if ((gate == GATE_CELL || gate == GATE_TASK || gate == GATE_MUTED)
        && thread->gate == GATE_CLOSED) {
        if (gate == GATE_TASK) {
            thread_enter_task(thread);
        }
        thread->gate = gate;
        thread->tree.current = current;
        thread->displays = displays;
        thread->tree.last = clock_ticks();
    }
    if (token != NULL) {
        PyObject *kind, *value, *traceback;
        PyErr_Fetch(&kind, &value, &traceback);
        if (PyContextVar_Reset(recorder->variable, token) < 0) {
            PyErr_Clear(); /* the code has changed the context of its thread */
        }
        Py_DECREF(token);
        PyErr_Restore(kind, value, traceback);
    }
    Py_DECREF(self);
    return result;
}

PyObject *
gate_resume(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (recorder_check((Recorder *)self) < 0) {
        return NULL;
    }
    open_gate((Recorder *)self);
    Py_RETURN_NONE;
}

PyObject *
gate_pause(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    if (recorder_check((Recorder *)self) < 0) {
        return NULL;
    }
    close_gate((Recorder *)self);
    Py_RETURN_NONE;
}

PyObject *
gate_mute(PyObject *self, PyObject *Py_UNUSED(ignored))
{
    Recorder *recorder = (Recorder *)self;
    if (recorder_check(recorder) < 0) {
        return NULL;
    }
    ThreadTree *thread = recorder->main;
    if (!thread_is_open(thread)) {
        Py_RETURN_FALSE;
    }
    Tree *tree = &thread->tree;
    tree_charge(tree, clock_ticks());
    while (tree->current >= FIRST_NODE && recorder->own != NULL) {
        const Node *node = &tree->nodes[tree->current];
        const Function *function = &recorder->functions.items[node->function];
        if (function->kind != FUNCTION_CODE
            || PySet_Contains(recorder->own, function->object) != 1) {
            break;
        }
        tree->current = node->parent;
    }
    thread->muted_from = thread->gate;
    thread->gate = GATE_MUTED;
    Py_RETURN_TRUE;
}

PyObject *
gate_unmute(PyObject *self, PyObject *before)
{
    Recorder *recorder = (Recorder *)self;
    if (recorder_check(recorder) < 0) {
        return NULL;
    }
    ThreadTree *thread = recorder->main;
    if (before == Py_True && thread->gate == GATE_MUTED) {
        Ticks now = clock_ticks();
        thread->tree.tracing += now - thread->tree.last;
        thread->tree.last = now;
        thread->gate = thread->muted_from;
    }
    Py_RETURN_NONE;
}
