/* The run-time support: start and end of the process, exceptions, fatal errors, raw memory, the debug log. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include "ouro.h"

/* ---- exceptions and the traceback of the last one */

struct ouro_exception ouro_exception;

/* The first places (where it was raised) and the last ones (the outermost callers) are kept. */
#define TRACEBACK_FIRST 64
#define TRACEBACK_LAST 64
#define TRACEBACK_LENGTH (TRACEBACK_FIRST + TRACEBACK_LAST)
static const struct ouro_position *traceback[TRACEBACK_LENGTH];
static unsigned traceback_count;
static void *traceback_value;

/* A value that is raised again, by `finally` or `raise`, keeps the places that it passed before. */
void ouro_traceback_raise(const struct ouro_position *position, void *value)
{
    if (value != traceback_value) {
        traceback_count = 0;
        traceback_value = value;
    }
    ouro_traceback_add(position);
}

void ouro_traceback_add(const struct ouro_position *position)
{
    unsigned index = traceback_count++;
    if (index >= TRACEBACK_LENGTH)
        index = TRACEBACK_FIRST + (index - TRACEBACK_FIRST) % TRACEBACK_LAST;
    traceback[index] = position;
}

void ouro_traceback_reset(void)
{
    traceback_value = NULL;
    traceback_count = 0;
}

static void print_position(const struct ouro_position *position)
{
    if (position->caller != NULL)
        print_position(position->caller);
    fprintf(stderr, "  File \"%s\", line %d, in %s\n", position->file, position->line, position->function);
}

static const struct ouro_position *last_printed;
static unsigned repeats;

static void print_repeats(void)
{
    if (repeats > 1)
        fprintf(stderr, "  (%u times)\n", repeats);
    repeats = 0;
}

static void print_places(unsigned from, unsigned to)
{
    while (from-- > to) {
        unsigned index = from;
        if (index >= TRACEBACK_LENGTH)
            index = TRACEBACK_FIRST + (index - TRACEBACK_FIRST) % TRACEBACK_LAST;
        if (traceback[index] != last_printed) {
            print_repeats();
            last_printed = traceback[index];
            print_position(last_printed);
        }
        repeats++;
    }
}

/* Print the places of the last exception, innermost last. Returns 0, as a function that RPython calls. */
Signed ouro_print_traceback(void)
{
    unsigned count = traceback_count;
    fflush(stdout);
    fputs("RPython traceback (most recent call last):\n", stderr);
    if (count > TRACEBACK_LENGTH) {
        print_places(count, count - TRACEBACK_LAST);
        print_repeats();
        fprintf(stderr, "  ... %u places not kept\n", count - TRACEBACK_LENGTH);
        last_printed = NULL;
        count = TRACEBACK_FIRST;
    }
    print_places(count, 0);
    print_repeats();
    fflush(stderr);
    return 0;
}

static int report_uncaught(void)
{
    Signed length;
    const char *name = ouro_class_name(ouro_exception.type, &length);
    ouro_print_traceback();
    fprintf(stderr, "Fatal RPython error: %.*s\n", (int)length, name);
    return 1;
}

void ouro_fatal_error(const char *message, Signed length, const struct ouro_position *position)
{
    fflush(stdout);
    if (position != NULL) {
        fputs("RPython traceback (most recent call last):\n", stderr);
        print_position(position);
    }
    fprintf(stderr, "Fatal RPython error: %.*s\n", (int)length, message);
    abort();
}

void ouro_assertion_failed(const char *message, const struct ouro_position *position)
{
    char text[400];
    int length = snprintf(text, sizeof text, "AssertionError%s%s", *message ? ": " : "", message);
    ouro_fatal_error(text, length, position);
}

/* ---- raw memory */

char *ouro_raw_malloc(Signed size)
{
    return size < 0 ? NULL : malloc(size ? (size_t)size : 1);
}

char *ouro_raw_malloc_zeroed(Signed size)
{
    return size < 0 ? NULL : calloc(size ? (size_t)size : 1, 1);
}

char *ouro_raw_realloc(char *block, Signed size)
{
    return size < 0 ? NULL : realloc(block, size ? (size_t)size : 1);
}

void ouro_raw_free(char *block)
{
    free(block);
}

/* ---- errno, time */

__thread int ouro_saved_errno;

void ouro_save_errno(void)
{
    ouro_saved_errno = errno;
}

void ouro_restore_errno(void)
{
    errno = ouro_saved_errno;
}

SignedLongLong ouro_read_timestamp(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (SignedLongLong)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- the debug log: OUROLOG is FILE, or PREFIX,PREFIX:FILE for sections with such names; `-` is standard error */

static FILE *debug_file;
static char *debug_prefixes; /* each ends with a comma; NULL for all sections */
static int debug_depth;
static unsigned long long debug_sections; /* a bit for each open section, the innermost lowest: is it logged */

Bool ouro_debug_enabled(void)
{
    return (debug_sections & 1) != 0;
}

Bool ouro_debug_enabled_for(const char *section, Signed length)
{
    const char *prefix = debug_prefixes;

    if (debug_file == NULL || prefix == NULL)
        return debug_file != NULL;
    while (*prefix != 0) {
        Signed size = strchr(prefix, ',') - prefix;
        if (size <= length && memcmp(prefix, section, (size_t)size) == 0)
            return 1;
        prefix += size + 1;
    }
    return 0;
}

static void open_debug_log(void)
{
    const char *name = getenv("OUROLOG");
    const char *colon;

    if (name == NULL || *name == 0)
        return;
    colon = strrchr(name, ':');
    if (colon != NULL) {
        size_t length = (size_t)(colon - name);
        debug_prefixes = malloc(length + 2);
        if (debug_prefixes == NULL)
            return;
        memcpy(debug_prefixes, name, length);
        debug_prefixes[length] = ',';
        debug_prefixes[length + 1] = 0;
        name = colon + 1;
    }
    debug_file = strcmp(name, "-") == 0 ? stderr : fopen(name, "a");
    if (debug_file == NULL)
        fprintf(stderr, "OUROLOG: cannot write %s: %s\n", name, strerror(errno));
}

void ouro_debug_text(const char *text, Signed length)
{
    if (debug_file != NULL)
        fwrite(text, 1, (size_t)length, debug_file);
}

void ouro_debug_integer(long long value)
{
    if (debug_file != NULL)
        fprintf(debug_file, "%lld", value);
}

void ouro_debug_float(double value)
{
    if (debug_file != NULL)
        fprintf(debug_file, "%.17g", value);
}

void ouro_debug_character(Char character)
{
    if (debug_file != NULL)
        fputc(character, debug_file);
}

void ouro_debug_address(const void *address)
{
    if (debug_file != NULL)
        fprintf(debug_file, "%p", address);
}

void ouro_debug_start(const char *section, Signed length)
{
    Bool enabled = ouro_debug_enabled_for(section, length);

    debug_sections = debug_sections << 1 | (enabled ? 1 : 0);
    if (enabled)
        fprintf(debug_file, "%*s[%llx] {%.*s\n", 2 * debug_depth++, "", (long long)ouro_read_timestamp(), (int)length,
                section);
}

void ouro_debug_stop(const char *section, Signed length)
{
    if (debug_sections & 1)
        fprintf(debug_file, "%*s[%llx] %.*s}\n", 2 * --debug_depth, "", (long long)ouro_read_timestamp(), (int)length,
                section);
    debug_sections >>= 1;
}

void ouro_debug_flush(void)
{
    if (debug_file != NULL)
        fflush(debug_file);
}

/* ---- start */

static int argument_count;
static char **arguments;

Signed ouro_argument_count(void)
{
    return argument_count;
}

Signed ouro_argument_length(Signed index)
{
    return (Signed)strlen(arguments[index]);
}

Signed ouro_argument_character(Signed index, Signed position)
{
    return (unsigned char)arguments[index][position];
}

/* A number of bytes from the environment, with a suffix K, KB, M, MB, G or GB; 0 where there is none. The program ends with a
   message where it is no such number: what it was meant for would be another thing than what happens. */
Signed ouro_size_variable(const char *name)
{
    const char *text = getenv(name);
    const long most = (long)(((unsigned long)-1 >> 1) >> 16);
    char *end;
    long value;
    int shift = 0;
    if (text == NULL || *text == 0)
        return 0;
    errno = 0;
    value = strtol(text, &end, 10);
    switch (*end) {
    case 'G': case 'g': shift += 10; /* fall through */
    case 'M': case 'm': shift += 10; /* fall through */
    case 'K': case 'k': shift += 10;
        end += end[1] == 'B' || end[1] == 'b' ? 2 : 1;
    }
    if (end == text || *end != 0 || errno != 0 || value < 0 || value > most >> shift) {
        fprintf(stderr, "%s=%s is no size: give a number of bytes, or of KB, MB or GB with K, M or G behind it\n",
                name, text);
        exit(2);
    }
    return value << shift;
}

/* The `share`-th part of the address space where that is limited and so less than `most`, else `most`. */
Signed ouro_within_limits(Signed most, Signed share)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
        && limit.rlim_cur / (rlim_t)share < (rlim_t)most)
        return (Signed)(limit.rlim_cur / (rlim_t)share);
    return most;
}

/* The nursery is the default one (0) unless somebody says otherwise or there is no room for what comes with it. */
Signed ouro_nursery_size(void)
{
    const Signed plenty = 4L * 1024 * 1024;
    Signed size = ouro_size_variable("OUROGC_NURSERY");
    if (size == 0) {
        size = ouro_within_limits(plenty, 64);
        if (size == plenty)
            return 0;
    }
    return size;
}

char *ouro_stack_limit;
static Signed main_stack_size;

/* The room that C functions and signal handlers may need below the limit; a small stack has a quarter for them. */
#define STACK_RESERVE (128 * 1024)
/* Shadow stacks have room for so much. */
#define STACK_MOST (256L * 1024 * 1024)

static void find_stack_limit(char *here)
{
    struct rlimit limit;
    Signed size = 8L * 1024 * 1024;
    if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur > 0)
        size = (Signed)limit.rlim_cur;
    if (size > ouro_within_limits(STACK_MOST, 16))
        size = ouro_within_limits(STACK_MOST, 16);
    main_stack_size = size;
    ouro_stack_limit = here - (size - size / 16) + (size / 4 < STACK_RESERVE ? size / 4 : STACK_RESERVE);
}

/* A call of optimised code may keep more references on the shadow stack than it takes words of its own stack. */
Signed ouro_main_stack_slots(void)
{
    return main_stack_size / 4;
}

int main(int argc, char **argv)
{
    int status;
    argument_count = argc;
    arguments = argv;
    find_stack_limit(__builtin_frame_address(0));
    open_debug_log();
    signal(SIGPIPE, SIG_IGN);
    ouro_program_setup();
    status = ouro_exception.type != NULL ? report_uncaught() : ouro_program_main();
    if (ouro_exception.type != NULL)
        status = report_uncaught();
    fflush(stdout);
    ouro_debug_flush();
    return status;
}
