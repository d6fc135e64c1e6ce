/* Threads under one global lock: one thread at a time runs RPython code.

   A program that never starts a thread pays one load and one test for giving the lock up and taking it back. The lock
   passes in the order that the operating system wakes threads up; `ouro_yield_lock` gives it to somebody else for
   certain if somebody waits. Who has waited for long sets the program's ticker, as a signal does, so that the program may
   yield where it counts nothing. What generated code keeps in plain globals (the stack limit, the shadow stack) is exchanged
   when the lock comes to another thread, and then the program's own hook is called; an exception is never pending where
   the lock is given up. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "ouro.h"

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t lock_is_free = PTHREAD_COND_INITIALIZER;
static pthread_cond_t lock_was_taken = PTHREAD_COND_INITIALIZER;
static int threads_exist, lock_is_held;
static volatile unsigned waiting;
static unsigned long handovers;

static __thread char *own_stack_limit;
static __thread char own_mark;
static char *last_holder;
static void (*switch_hook)(void);

/* ---- the lock */

/* Microseconds after which who waits for the lock asks for it; -1 for never. */
static volatile SignedLongLong patience = -1;

void ouro_thread_patience(SignedLongLong microseconds)
{
    patience = microseconds;
}

/* The time on a clock in so many microseconds. */
static struct timespec time_in(clockid_t clock, SignedLongLong microseconds)
{
    struct timespec end;
    clock_gettime(clock, &end);
    end.tv_sec += microseconds / 1000000;
    end.tv_nsec += microseconds % 1000000 * 1000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    return end;
}

static void wait_for_lock(void)
{
    struct timespec end;
    if (patience < 0) {
        pthread_cond_wait(&lock_is_free, &guard);
        return;
    }
    end = time_in(CLOCK_REALTIME, patience);
    if (pthread_cond_timedwait(&lock_is_free, &guard, &end) == ETIMEDOUT && lock_is_held)
        ouro_signal_ask();
}

static void take_lock(void)
{
    waiting++;
    while (lock_is_held)
        wait_for_lock();
    waiting--;
    lock_is_held = 1;
    handovers++;
    pthread_cond_broadcast(&lock_was_taken);
}

static void after_taking(void)
{
    if (last_holder != &own_mark) {
        last_holder = &own_mark;
        ouro_stack_limit = own_stack_limit;
        ouro_program_thread_switch();
        if (switch_hook != NULL)
            switch_hook();
    }
}

/* Call this function of the program, holding the lock, whenever the lock has come to another thread. */
void ouro_thread_on_switch(void (*hook)(void))
{
    switch_hook = hook;
}

void ouro_release_lock(void)
{
    if (OURO_UNLIKELY(threads_exist)) {
        int number = errno;
        pthread_mutex_lock(&guard);
        lock_is_held = 0;
        pthread_cond_signal(&lock_is_free);
        pthread_mutex_unlock(&guard);
        errno = number;
    }
}

void ouro_acquire_lock(void)
{
    if (OURO_UNLIKELY(threads_exist)) {
        int number = errno;
        pthread_mutex_lock(&guard);
        take_lock();
        pthread_mutex_unlock(&guard);
        after_taking();
        errno = number;
    }
}

void ouro_yield_lock(void)
{
    if (waiting) {
        unsigned long before;
        pthread_mutex_lock(&guard);
        before = handovers;
        lock_is_held = 0;
        pthread_cond_signal(&lock_is_free);
        while (handovers == before && waiting)
            pthread_cond_wait(&lock_was_taken, &guard);
        take_lock();
        pthread_mutex_unlock(&guard);
        after_taking();
    }
}

static void reset_in_child(void)
{
    pthread_mutex_init(&guard, NULL);
    pthread_cond_init(&lock_is_free, NULL);
    pthread_cond_init(&lock_was_taken, NULL);
    waiting = 0;
}

static Signed stack_size;

/* What may be asked for, and what a thread gets at least: generated functions have large frames. */
#define SMALLEST_STACK (32 * 1024)
#define SMALLEST_REAL_STACK (512 * 1024)
#define DEFAULT_STACK (8 * 1024 * 1024)
/* Where the address space is limited: with its shadow stack, a thread takes three times as much. */
#define DEFAULT_SHARE 128

static Signed default_stack(void)
{
    return ouro_within_limits(DEFAULT_STACK, DEFAULT_SHARE);
}

static void begin_threads(void)
{
    if (!threads_exist) {
        own_stack_limit = ouro_stack_limit;
        last_holder = &own_mark;
        lock_is_held = 1;
        threads_exist = 1;
#ifdef M_ARENA_MAX
        /* malloc would take much address space for each thread */
        if (default_stack() < DEFAULT_STACK)
            mallopt(M_ARENA_MAX, 1);
#endif
        pthread_atfork(NULL, NULL, reset_in_child);
    }
}

/* ---- starting threads */

static __thread Signed own_stack_size;

/* 0 asks for the default. Returns 0, or -1 when the size cannot be. */
Signed ouro_thread_set_stack_size(Signed size)
{
    if (size != 0 && size < SMALLEST_STACK)
        return -1;
    stack_size = size;
    return 0;
}

Signed ouro_thread_get_stack_size(void)
{
    return stack_size;
}

/* The size of the stack of a thread that is started now. */
Signed ouro_thread_next_stack_size(void)
{
    Signed size = stack_size ? stack_size : default_stack();
    return size < SMALLEST_REAL_STACK ? SMALLEST_REAL_STACK : size;
}

/* The size of the stack of the calling thread, which is not the main thread. */
Signed ouro_thread_own_stack_size(void)
{
    return own_stack_size;
}

enum { SIGNAL_STACK = 32 * 1024 };

struct start {
    void (*run)(void);
    Signed size;
};

/* Handlers of signals run here that ask for it: those of faults, when the stack of a thread is full. */
static void set_signal_stack(void *memory, int flags)
{
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    stack.ss_sp = memory;
    stack.ss_size = SIGNAL_STACK;
    stack.ss_flags = flags;
    if (memory != NULL)
        sigaltstack(&stack, NULL);
}

static void *run_thread(void *argument)
{
    struct start start = *(struct start *)argument;
    void *signal_stack = malloc(SIGNAL_STACK);
    free(argument);
    set_signal_stack(signal_stack, 0);
    own_stack_size = start.size;
    own_stack_limit = (char *)__builtin_frame_address(0) - start.size + start.size / 8 + 32 * 1024;
    ouro_acquire_lock();
    start.run();
    last_holder = NULL; /* the next thread may have its `own_mark` at the same address */
    ouro_release_lock();
    set_signal_stack(signal_stack, SS_DISABLE);
    free(signal_stack);
    return NULL;
}

/* Run a function of the program in a new thread. Returns the identity of the thread, or -1. */
Signed ouro_thread_start(void (*run)(void))
{
    pthread_t thread;
    pthread_attr_t attributes;
    struct start *start = malloc(sizeof *start);
    int failed;
    if (start == NULL)
        return -1;
    start->run = run;
    start->size = ouro_thread_next_stack_size();
    begin_threads();
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, (size_t)start->size);
    failed = pthread_create(&thread, &attributes, run_thread, start);
    pthread_attr_destroy(&attributes);
    if (failed) {
        free(start);
        return -1;
    }
    return (Signed)thread;
}

Signed ouro_thread_identity(void)
{
    return (Signed)pthread_self();
}

/* ---- locks of the program */

struct ouro_lock {
    pthread_mutex_t mutex;
    pthread_cond_t released;
    int held;
};

char *ouro_lock_new(void)
{
    pthread_condattr_t attributes;
    struct ouro_lock *lock = malloc(sizeof *lock);
    if (lock == NULL)
        return NULL;
    pthread_mutex_init(&lock->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&lock->released, &attributes);
    pthread_condattr_destroy(&attributes);
    lock->held = 0;
    return (char *)lock;
}

void ouro_lock_free(char *lock)
{
    struct ouro_lock *self = (struct ouro_lock *)lock;
    pthread_cond_destroy(&self->released);
    pthread_mutex_destroy(&self->mutex);
    free(self);
}

static Signed acquire(struct ouro_lock *lock, SignedLongLong microseconds)
{
    struct timespec end;
    Signed taken;
    int result = 0;
    if (microseconds > 0)
        end = time_in(CLOCK_MONOTONIC, microseconds);
    pthread_mutex_lock(&lock->mutex);
    while (lock->held && microseconds != 0 && result == 0)
        result = microseconds < 0 ? pthread_cond_wait(&lock->released, &lock->mutex)
                                  : pthread_cond_timedwait(&lock->released, &lock->mutex, &end);
    taken = !lock->held;
    lock->held = 1;
    pthread_mutex_unlock(&lock->mutex);
    return taken;
}

/* Wait at most so many microseconds (for ever if negative); 1 when the lock was taken, 0 otherwise. */
Signed ouro_lock_acquire(char *lock, SignedLongLong microseconds)
{
    struct ouro_lock *self = (struct ouro_lock *)lock;
    Signed taken = acquire(self, 0);
    if (!taken && microseconds != 0) {
        ouro_release_lock();
        taken = acquire(self, microseconds);
        ouro_acquire_lock();
    }
    return taken;
}

/* Returns 0, or -1 when nobody held the lock. */
Signed ouro_lock_release(char *lock)
{
    struct ouro_lock *self = (struct ouro_lock *)lock;
    Signed result = -1;
    pthread_mutex_lock(&self->mutex);
    if (self->held) {
        self->held = 0;
        result = 0;
        pthread_cond_signal(&self->released);
    }
    pthread_mutex_unlock(&self->mutex);
    return result;
}
