/* Signals, noted when they come and handled by the program when it asks.

   A handler only sets a bit, makes `ouro_signals_pending` true and sets the program's ticker to -1: a word that an
   interpreter's loop counts down anyway, so that it notices without looking at anything else. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <signal.h>
#include <unistd.h>
#include "ouro.h"

#define MOST_SIGNALS 65

volatile Signed ouro_signals_pending;
static volatile sig_atomic_t came[MOST_SIGNALS];
static volatile int wakeup = -1;
static Signed no_ticker;
static volatile Signed *ticker = &no_ticker;

static void mark(Signed number)
{
    came[number] = 1;
    ouro_signals_pending = 1;
    *ticker = -1;
}

/* Make the program look up from its work. */
void ouro_signal_ask(void)
{
    *ticker = -1;
}

static Signed memory_error;

/* Compiled code found no memory where the program cannot catch an exception: note that and make the program look up.
   False where that is no use: it was noted already and nobody has asked, or the program has no ticker. */
Signed ouro_memory_error_postpone(void)
{
    if (memory_error || ticker == &no_ticker)
        return 0;
    memory_error = 1;
    *ticker = -1;
    return 1;
}

/* Was there one since this was asked last? */
Signed ouro_memory_error_take(void)
{
    Signed postponed = memory_error;
    memory_error = 0;
    return postponed;
}

/* Set this word to -1 whenever a signal comes. */
void ouro_signal_ticker(Signed *word)
{
    ticker = word;
}

static void note(int number)
{
    int saved = errno;
    mark(number);
    if (wakeup >= 0) {
        char byte = 0;
        ssize_t written = write(wakeup, &byte, 1);
        (void)written;
    }
    errno = saved;
}

static Signed install(Signed number, void (*handler)(int), int flags)
{
    struct sigaction action;
    if (number < 1 || number >= MOST_SIGNALS) {
        errno = EINVAL;
        return -1;
    }
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    action.sa_flags = flags;
    return sigaction((int)number, &action, NULL);
}

/* Each returns 0, or -1 with errno. */
Signed ouro_signal_note(Signed number)
{
    return install(number, note, 0);
}

Signed ouro_signal_default(Signed number)
{
    return install(number, SIG_DFL, 0);
}

Signed ouro_signal_ignore(Signed number)
{
    return install(number, SIG_IGN, 0);
}

/* 0 for the default, 1 when ignored, 2 for a handler, -1 with errno. */
Signed ouro_signal_disposition(Signed number)
{
    struct sigaction action;
    if (sigaction((int)number, NULL, &action) != 0)
        return -1;
    return action.sa_handler == SIG_DFL ? 0 : action.sa_handler == SIG_IGN ? 1 : 2;
}

Signed ouro_signals_are_pending(void)
{
    return ouro_signals_pending;
}

/* The lowest signal that came and was not asked for yet, 0 when there is none. */
Signed ouro_signal_next(void)
{
    int number;
    if (!ouro_signals_pending)
        return 0;
    for (number = 1; number < MOST_SIGNALS; number++)
        if (came[number]) {
            came[number] = 0;
            return number;
        }
    ouro_signals_pending = 0;
    for (number = 1; number < MOST_SIGNALS; number++) /* one that came while the flag was reset */
        if (came[number])
            ouro_signals_pending = 1;
    return 0;
}

/* Note a signal as if it had come. */
void ouro_signal_set(Signed number)
{
    mark(number);
}

/* Write a byte to this file descriptor when a signal comes (-1: to none). Returns the one before. */
Signed ouro_signal_wakeup(Signed descriptor)
{
    Signed before = wakeup;
    wakeup = (int)descriptor;
    return before;
}
