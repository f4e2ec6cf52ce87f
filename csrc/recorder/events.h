/* What becomes of an event: the way that most of them take, for whoever is told of events. What is
 * rare is in events.c. */
#ifndef RECORDER_EVENTS_H
#define RECORDER_EVENTS_H

#include "recorder.h"

/* Open a child that is not easily found, or is there no more than once. */
void events_open_other(Recorder *recorder, ThreadTree *thread, void *key, PyObject *object,
                       PyObject *self, int is_code, Ticks now);

/* Close a call that does not fit what is open. `code`: NULL for what is no Python function. */
void events_close_late(Recorder *recorder, Tree *tree, void *key, PyObject *code);

/* Open a closed gate, where this code is what it waits for. Returns whether it is open now. */
int events_open_gate(Recorder *recorder, ThreadTree *thread, PyObject *code, Ticks now);

/* Count a task that begins. */
void events_count_task(ThreadTree *thread, int32_t node);

/* Where events of another thread than the recorder's go, NULL if they are not recorded. */
ThreadTree *events_other_thread(Recorder *recorder, unsigned long ident);

/* Where events of this thread go, NULL if they are not recorded. */
static inline ThreadTree *
events_thread(Recorder *recorder)
{
    unsigned long ident = thread_ident();
    if (recorder->main == NULL) {
        return NULL; /* cleared by the garbage collector */
    }
    if (ident == recorder->main->ident) {
        return recorder->main;
    }
    return recorder->follows_threads ? events_other_thread(recorder, ident) : NULL;
}

static inline void
events_open(Recorder *recorder, ThreadTree *thread, void *key, PyObject *object, PyObject *self,
            int is_code, Ticks now)
{
    Tree *tree = &thread->tree;
    tree_charge(tree, now);
    int32_t child = tree_guess(tree, key);
    if (child != NO_NODE) {
        tree_open(tree, child);
    }
    else {
        events_open_other(recorder, thread, key, object, self, is_code, now);
    }
}

static inline void
events_close(Recorder *recorder, ThreadTree *thread, void *key, PyObject *code, Ticks now)
{
    Tree *tree = &thread->tree;
    tree_charge(tree, now);
    const Node *node = &tree->nodes[tree->current];
    if (node->key == key) {
        tree->current = node->parent;
    }
    else {
        events_close_late(recorder, tree, key, code);
    }
    if (tree->current == TASK_ROOT) {
        thread_leave_task(thread);
    }
}

/* A Python function starts (`begins`) or is resumed. */
static inline void
events_enter(Recorder *recorder, ThreadTree *thread, PyObject *code, int begins, Ticks now)
{
    if (!thread_is_open(thread) && !events_open_gate(recorder, thread, code, now)) {
        return;
    }
    if (thread->displays > 0) {
        thread->displays += code == recorder->display;
        return;
    }
    events_open(recorder, thread, code, code, NULL, 1, now);
    if (code == recorder->display) {
        thread->displays = 1;
    }
    const Tree *tree = &thread->tree;
    if (begins && thread->gate == GATE_TASK && tree->nodes[tree->current].parent == TASK_ROOT) {
        events_count_task(thread, tree->current);
    }
}

/* A Python function returns, yields, or is left by an error. */
static inline void
events_leave(Recorder *recorder, ThreadTree *thread, PyObject *code, Ticks now)
{
    if (!thread_is_open(thread)) {
        return;
    }
    if (thread->displays > 0) {
        thread->displays -= code == recorder->display;
        if (thread->displays > 0 || code != recorder->display) {
            return;
        }
    }
    events_close(recorder, thread, code, code, now);
    if (thread != recorder->main && thread->gate == GATE_CELL
        && thread->tree.current == CELL_ROOT) {
        thread->gate = GATE_ENDED; /* its run() has ended */
        thread->ended = now;
    }
}

/* Whether this is a call of the recorder's own: one that turns recording on or off. */
static inline int
events_is_ours(const void *key)
{
    const PyMethodDef *method = key;
    return method >= recorder_methods && method < recorder_methods + RECORDER_METHODS;
}

/* Something is called that is no Python function. `self`: the first argument, or NULL. */
static inline void
events_enter_callable(Recorder *recorder, ThreadTree *thread, PyObject *callable, PyObject *self,
                      Ticks now)
{
    if (!thread_is_open(thread) || thread->displays > 0) {
        return;
    }
    void *key = functions_key(&recorder->functions, callable, self);
    if (key != NULL && !events_is_ours(key)) {
        events_open(recorder, thread, key, callable, self, 0, now);
    }
}

/* It has returned, or raised an error. */
static inline void
events_leave_callable(Recorder *recorder, ThreadTree *thread, PyObject *callable, PyObject *self,
                      Ticks now)
{
    if (!thread_is_open(thread) || thread->displays > 0) {
        return;
    }
    void *key = functions_key(&recorder->functions, callable, self);
    if (key != NULL && !events_is_ours(key)) {
        events_close(recorder, thread, key, NULL, now);
    }
}

#endif
