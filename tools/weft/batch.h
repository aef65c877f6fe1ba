/* SPDX-License-Identifier: GPL-2.0 */
/* Commands from a file. */
#ifndef WEFT_BATCH_H
#define WEFT_BATCH_H

#include <stdbool.h>

int batch_run(const char *name);

/* number of the current line, 0 if there is no batch */
unsigned long batch_line(void);
/* the command in this line failed */
void batch_failed(unsigned long line);
/* nothing more is to be done */
bool batch_stopped(void);

#endif /* WEFT_BATCH_H */
