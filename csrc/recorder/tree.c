#include "tree.h"

#include <stdlib.h>
#include <string.h>

char tree_folded_key;

static inline uint32_t
hash(int32_t parent, const void *key)
{
    uint64_t mixed = (uint64_t)(uintptr_t)key * UINT64_C(0x9E3779B97F4A7C15)
                     ^ (uint64_t)(uint32_t)parent * UINT64_C(0xC2B2AE3D27D4EB4F);
    return (uint32_t)(mixed >> 29);
}

static void
put(Tree *tree, int32_t node)
{
    uint32_t slot = hash(tree->nodes[node].parent, tree->nodes[node].key) & tree->mask;
    while (tree->slots[slot] != NO_NODE) {
        slot = (slot + 1) & tree->mask;
    }
    tree->slots[slot] = node;
}

/* Hash all nodes into a table of this size. 0, or -1 where there is no memory. */
static int
rehash(Tree *tree, uint32_t size)
{
    int32_t *slots = malloc(sizeof(int32_t) * size);
    if (slots == NULL) {
        return -1;
    }
    memset(slots, 0xFF, sizeof(int32_t) * size); /* NO_NODE */
    free(tree->slots);
    tree->slots = slots;
    tree->mask = size - 1;
    for (int32_t node = FIRST_NODE; node < tree->length; node++) {
        put(tree, node);
    }
    return 0;
}

int
tree_init(Tree *tree, int32_t limit, Ticks cost)
{
    memset(tree, 0, sizeof *tree);
    tree->limit = limit;
    tree->cost = cost;
    tree->capacity = 256;
    tree->nodes = malloc(sizeof(Node) * (size_t)tree->capacity);
    if (tree->nodes == NULL) {
        return -1;
    }
    const Node root = {NULL, 0, 0, NO_NODE, -1, NO_NODE, NO_NODE};
    tree->nodes[CELL_ROOT] = tree->nodes[TASK_ROOT] = root;
    tree->length = FIRST_NODE;
    return rehash(tree, 1024);
}

void
tree_clear(Tree *tree)
{
    free(tree->nodes);
    free(tree->slots);
    tree->nodes = NULL;
    tree->slots = NULL;
    tree->length = tree->capacity = 0;
}

int32_t
tree_find(const Tree *tree, void *key)
{
    uint32_t slot = hash(tree->current, key) & tree->mask;
    for (; tree->slots[slot] != NO_NODE; slot = (slot + 1) & tree->mask) {
        const Node *node = &tree->nodes[tree->slots[slot]];
        if (node->parent == tree->current && node->key == key) {
            return tree->slots[slot];
        }
    }
    return NO_NODE;
}

int32_t
tree_add(Tree *tree, void *key, int32_t function)
{
    if (tree->length == tree->capacity) {
        int32_t capacity = tree->capacity + tree->capacity / 2;
        Node *nodes = realloc(tree->nodes, sizeof(Node) * (size_t)capacity);
        if (nodes == NULL) {
            return NO_NODE;
        }
        tree->nodes = nodes;
        tree->capacity = capacity;
    }
    /* At most half full, so that a search soon meets an empty slot. */
    if ((uint32_t)tree->length * 2 > tree->mask && rehash(tree, (tree->mask + 1) * 2) < 0) {
        return NO_NODE;
    }
    int32_t node = tree->length++;
    tree->nodes[node] = (Node){key, 0, 0, tree->current, function, NO_NODE, NO_NODE};
    put(tree, node);
    return node;
}

int
tree_close(Tree *tree, void *key)
{
    int32_t node = tree->current;
    int64_t closed = 0;
    while (node >= FIRST_NODE && tree->nodes[node].key != key) {
        node = tree->nodes[node].parent;
        closed++;
    }
    if (node < FIRST_NODE) {
        return 0;
    }
    tree->lost += closed;
    tree->folding = 0;
    tree->current = tree->nodes[node].parent;
    return 1;
}
