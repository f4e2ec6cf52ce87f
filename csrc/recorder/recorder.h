#ifndef RECORDER_H
#define RECORDER_H

/* Goes up when what Python sees of the module changes. */
#define RECORDER_VERSION 1

#endif
