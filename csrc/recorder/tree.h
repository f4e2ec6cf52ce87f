/* A call tree that grows while code runs: one node for each distinct path.
 *
 * Knows nothing of Python: what is called is a key, a pointer that is compared and never followed.
 *
 *     cell root (0)                     tasks root (1)
 *     └ <module>  calls 1, self 5       └ fetch  calls 3, self 2
 *       ├ parse   calls 9, self 40
 *       │ └ int   calls 90, self 12     the innermost open node is `current`
 *       └ parse's namesake ...
 */
#ifndef RECORDER_TREE_H
#define RECORDER_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "clock.h"

#define NO_NODE (-1)
/* Two roots: below the first is what the cell calls, below the second one child for each coroutine
 * function that ran as a task. */
#define CELL_ROOT 0
#define TASK_ROOT 1
#define FIRST_NODE 2

typedef struct {
    void *key;         /* what was called; NULL for a root; kept alive by Functions */
    int64_t calls;     /* how often it was entered; resuming a generator counts, as in cProfile */
    int64_t self;      /* ticks in which it was the innermost open node */
    int32_t parent;    /* node, smaller than the node's own index; NO_NODE for a root */
    int32_t function;  /* index into Functions; -1 for a root */
    int32_t latest;    /* its child that was entered last, or NO_NODE */
    int32_t following; /* the child of its parent that was entered after it the last time */
} Node;

typedef struct {
    Node *nodes; /* owned; length of capacity are in use */
    int32_t length, capacity;
    int32_t limit;   /* nodes; what comes then is folded */
    int32_t current; /* innermost open node */
    int64_t folding; /* calls open inside the folded node that is current */
    int32_t *slots;  /* owned; hash table of nodes by parent and key, NO_NODE where empty */
    uint32_t mask;   /* its size - 1, a power of two */
    Ticks last;      /* when the clock was last read */
    Ticks cost;      /* ticks that recording an event takes, and are no function's */
    int64_t
        tracing;  /* ticks that recording took: estimated by cost, and measured where it is slow */
    int64_t lost; /* events that never came, found by one that did not fit */
    int64_t backwards; /* times that the clock went back */
} Tree;

/* What is called below a full tree. Compared by address. */
extern char tree_folded_key;

/* 0, or -1 where there is no memory. */
int tree_init(Tree *tree, int32_t limit, Ticks cost);
void tree_clear(Tree *tree);

/* The child of the current node for this key, or NO_NODE. */
int32_t tree_find(const Tree *tree, void *key);

/* A new child of the current node; NO_NODE where there is no memory. */
int32_t tree_add(Tree *tree, void *key, int32_t function);

/* Close what is open above the innermost activation of this key, and that. Returns 0 if there is
 * none: then nothing is closed. */
int tree_close(Tree *tree, void *key);

/* Charge the time since the clock was last read to the current node. */
static inline void
tree_charge(Tree *tree, Ticks now)
{
    Ticks passed = now - tree->last;
    tree->last = now;
    if (passed > tree->cost) {
        tree->nodes[tree->current].self += passed - tree->cost;
        tree->tracing += tree->cost;
    }
    else if (passed >= 0) {
        tree->tracing += passed;
    }
    else {
        tree->backwards++;
    }
}

/* The child of the current node for this key where it is easily found, else NO_NODE.
 *
 * Calls repeat: a function calls what it called before, in the same order. So the child that was
 * entered after the last one is tried first, then the last one itself; both lie close in memory,
 * which the hash table of a large tree does not. */
static inline int32_t
tree_guess(Tree *tree, void *key)
{
    Node *nodes = tree->nodes;
    int32_t latest = nodes[tree->current].latest;
    if (latest == NO_NODE) {
        return NO_NODE;
    }
    int32_t next = nodes[latest].following;
    if (next != NO_NODE && nodes[next].key == key) {
        return next;
    }
    return nodes[latest].key == key ? latest : NO_NODE;
}

/* Open a child of the current node. */
static inline void
tree_open(Tree *tree, int32_t child)
{
    Node *nodes = tree->nodes;
    Node *parent = &nodes[tree->current];
    if (parent->latest != NO_NODE) {
        nodes[parent->latest].following = child;
    }
    parent->latest = child;
    nodes[child].calls++;
    tree->current = child;
}

#endif
