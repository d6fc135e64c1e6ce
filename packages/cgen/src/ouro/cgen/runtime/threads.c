/* The global lock: one thread at a time runs RPython code.

   A program that never starts a thread pays one load and one test for releasing and taking the lock. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include "ouro.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int threads_exist;

/* Called with the lock held in effect: from now on it is held in fact. */
void ouro_threads_begin(void)
{
    if (!threads_exist) {
        threads_exist = 1;
        pthread_mutex_lock(&lock);
    }
}

void ouro_release_lock(void)
{
    if (OURO_UNLIKELY(threads_exist)) {
        int number = errno;
        pthread_mutex_unlock(&lock);
        errno = number;
    }
}

void ouro_acquire_lock(void)
{
    if (OURO_UNLIKELY(threads_exist)) {
        int number = errno;
        pthread_mutex_lock(&lock);
        errno = number;
    }
}
