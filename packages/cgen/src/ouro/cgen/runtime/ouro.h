/* What every generated file sees: names of the machine types, object headers, exceptions, small operations. */
#ifndef OURO_H
#define OURO_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef long Signed;
typedef unsigned long Unsigned;
typedef long long SignedLongLong;
typedef unsigned long long UnsignedLongLong;
typedef unsigned char Char;
typedef _Bool Bool;

_Static_assert(sizeof(Signed) == sizeof(void *), "a machine word must be a long");

#define OURO_LIKELY(condition) __builtin_expect(!!(condition), 1)
#define OURO_UNLIKELY(condition) __builtin_expect(!!(condition), 0)
#define OURO_COLD __attribute__((cold, noinline))

/* ---- objects */

#if UINTPTR_MAX > 0xffffffffu
struct ouro_gc_header {
    union {
        struct {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
            uint32_t type_id, flags;
#else
            uint32_t flags, type_id;
#endif
        };
        uint64_t word;
    };
};
#define OURO_HEADER_WORD(high, low) ((uintptr_t)(low) + ((uintptr_t)(high) << 32))
#define OURO_GC_HEADER(type, flags) { { .word = OURO_HEADER_WORD(flags, type) } }
#else
struct ouro_gc_header {
    uint32_t type_id, flags;
} __attribute__((aligned(8)));
#define OURO_GC_HEADER(type, flags) { (uintptr_t)(type), (flags) }
#endif

struct ouro_type_row {
    uint32_t flags, fixed_size, item_size, length_offset, pointers, item_pointers;
    void (*finalizer)(void *);
};

struct ouro_weak_reference {
    struct ouro_gc_header gc;
    void *target;
};

struct ouro_class {
    Signed subclass_range_min, subclass_range_max;
};

/* ---- exceptions */

struct ouro_position {
    const char *file, *function;
    int line;
    const struct ouro_position *caller; /* where the function was inlined, or NULL */
};

struct ouro_exception {
    void *type, *value;
};
extern struct ouro_exception ouro_exception;

OURO_COLD void ouro_traceback_raise(const struct ouro_position *position, void *value);
OURO_COLD void ouro_traceback_add(const struct ouro_position *position);
void ouro_traceback_reset(void);
Signed ouro_print_traceback(void);

#define OURO_RAISE(exception_type, exception_value, number)               \
    do {                                                                  \
        ouro_exception.type = (void *)(exception_type);                   \
        ouro_exception.value = (void *)(exception_value);                 \
        ouro_traceback_raise(&positions[number], ouro_exception.value);   \
    } while (0)
#define OURO_PROPAGATE(number)                                            \
    if (OURO_UNLIKELY(ouro_exception.type != NULL)) { ouro_traceback_add(&positions[number]); goto propagate; }
#define OURO_PROPAGATE_VOID(number)                                       \
    if (OURO_UNLIKELY(ouro_exception.type != NULL)) { ouro_traceback_add(&positions[number]); return; }
#define OURO_PROPAGATE_DEFAULT(number)                                    \
    if (OURO_UNLIKELY(ouro_exception.type != NULL)) { ouro_traceback_add(&positions[number]); return 0; }
#define OURO_EXCEPTION_IN(low, high)                                                              \
    ((Unsigned)(((struct ouro_class *)ouro_exception.type)->subclass_range_min - (low)) <         \
     (Unsigned)((high) - (low)))

/* ---- the stack */

extern char *ouro_stack_limit;

/* About where the stack ends now. Asking for the frame address would cost a frame pointer in every checking function. */
static inline char *ouro_stack_pointer(void)
{
#if defined(__x86_64__)
    char *pointer;
    __asm__("movq %%rsp, %0" : "=r"(pointer));
    return pointer;
#elif defined(__i386__)
    char *pointer;
    __asm__("movl %%esp, %0" : "=r"(pointer));
    return pointer;
#elif defined(__aarch64__)
    char *pointer;
    __asm__("mov %0, sp" : "=r"(pointer));
    return pointer;
#else
    return (char *)__builtin_frame_address(0);
#endif
}
#define OURO_STACK_IS_FULL() OURO_UNLIKELY(ouro_stack_pointer() < ouro_stack_limit)

/* ---- memory */

char *ouro_raw_malloc(Signed size);
char *ouro_raw_malloc_zeroed(Signed size);
char *ouro_raw_realloc(char *block, Signed size);
void ouro_raw_free(char *block);

/* The size of an array, or one that no allocation can satisfy. */
static inline Signed ouro_array_bytes(size_t start, size_t item_size, Signed count)
{
    Signed items, bytes;
    if (count < 0 || __builtin_mul_overflow(count, (Signed)item_size, &items) ||
        __builtin_add_overflow(items, (Signed)start, &bytes))
        return -1;
    return bytes;
}

/* ---- arithmetic */

static inline Signed ouro_int_c_div(Signed a, Signed b) { return b == -1 ? -a : a / b; }
static inline Signed ouro_int_c_mod(Signed a, Signed b) { return b == -1 ? 0 : a % b; }
static inline Signed ouro_int_floordiv(Signed a, Signed b)
{
    Signed quotient = ouro_int_c_div(a, b);
    return quotient - ((quotient * b != a) & ((a ^ b) < 0));
}
static inline Signed ouro_int_mod(Signed a, Signed b)
{
    Signed remainder = ouro_int_c_mod(a, b);
    return remainder + (b & -(Signed)((remainder != 0) & ((remainder ^ b) < 0)));
}
static inline SignedLongLong ouro_llong_c_div(SignedLongLong a, SignedLongLong b) { return b == -1 ? -a : a / b; }
static inline SignedLongLong ouro_llong_c_mod(SignedLongLong a, SignedLongLong b) { return b == -1 ? 0 : a % b; }
static inline SignedLongLong ouro_llong_floordiv(SignedLongLong a, SignedLongLong b)
{
    SignedLongLong quotient = ouro_llong_c_div(a, b);
    return quotient - ((quotient * b != a) & ((a ^ b) < 0));
}
static inline SignedLongLong ouro_llong_mod(SignedLongLong a, SignedLongLong b)
{
    SignedLongLong remainder = ouro_llong_c_mod(a, b);
    return remainder + (b & -(SignedLongLong)((remainder != 0) & ((remainder ^ b) < 0)));
}
static inline Bool ouro_int_abs_overflow(Signed a, Signed *result)
{
    *result = a < 0 ? -a : a;
    return *result < 0;
}
static inline Signed ouro_int_signext(Signed a, Signed bytes)
{
    int shift = (int)(8 * (sizeof(Signed) - bytes));
    return (Signed)((Unsigned)a << shift) >> shift;
}
static inline Unsigned ouro_uint_mul_high(Unsigned a, Unsigned b)
{
#if UINTPTR_MAX > 0xffffffffu
    return (Unsigned)(((unsigned __int128)a * b) >> 64);
#else
    return (Unsigned)(((uint64_t)a * b) >> 32);
#endif
}
static inline SignedLongLong ouro_float_to_bits(double value)
{
    SignedLongLong bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}
static inline double ouro_float_from_bits(SignedLongLong bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
static inline Signed ouro_single_to_bits(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (Signed)bits;
}
static inline float ouro_single_from_bits(Signed bits)
{
    uint32_t low = (uint32_t)bits;
    float value;
    memcpy(&value, &low, sizeof value);
    return value;
}
static inline Signed ouro_find_character(const Char *items, Char character, Signed start, Signed stop)
{
    const Char *found = stop > start ? memchr(items + start, character, (size_t)(stop - start)) : NULL;
    return found != NULL ? found - items : -1;
}
SignedLongLong ouro_read_timestamp(void);

/* ---- the process */

extern __thread int ouro_saved_errno;
void ouro_save_errno(void);
void ouro_restore_errno(void);

/* The global lock, threads, locks: see threads.c. */
void ouro_acquire_lock(void);
void ouro_release_lock(void);
void ouro_yield_lock(void);
void ouro_thread_patience(SignedLongLong microseconds);
void ouro_thread_on_switch(void (*hook)(void));
Signed ouro_thread_start(void (*run)(void));
Signed ouro_thread_identity(void);
Signed ouro_thread_set_stack_size(Signed size);
Signed ouro_thread_get_stack_size(void);
Signed ouro_thread_next_stack_size(void);
Signed ouro_thread_own_stack_size(void);
char *ouro_lock_new(void);
void ouro_lock_free(char *lock);
Signed ouro_lock_acquire(char *lock, SignedLongLong microseconds);
Signed ouro_lock_release(char *lock);

/* Signals: see signals.c. */
extern volatile Signed ouro_signals_pending;
Signed ouro_signals_are_pending(void);
Signed ouro_signal_note(Signed number);
Signed ouro_signal_default(Signed number);
Signed ouro_signal_ignore(Signed number);
Signed ouro_signal_disposition(Signed number);
Signed ouro_signal_next(void);
void ouro_signal_set(Signed number);
Signed ouro_signal_wakeup(Signed descriptor);
void ouro_signal_ticker(Signed *word);
void ouro_signal_ask(void);
Signed ouro_memory_error_postpone(void);
Signed ouro_memory_error_take(void);

Signed ouro_argument_count(void);
Signed ouro_argument_length(Signed index);
Signed ouro_argument_character(Signed index, Signed position);

/* ---- debugging */

Bool ouro_debug_enabled(void);
Bool ouro_debug_enabled_for(const char *prefix, Signed length);
void ouro_debug_text(const char *text, Signed length);
void ouro_debug_integer(long long value);
void ouro_debug_float(double value);
void ouro_debug_character(Char character);
void ouro_debug_address(const void *address);
void ouro_debug_start(const char *section, Signed length);
void ouro_debug_stop(const char *section, Signed length);
void ouro_debug_flush(void);
OURO_COLD void ouro_fatal_error(const char *message, Signed length, const struct ouro_position *position);
OURO_COLD void ouro_assertion_failed(const char *message, const struct ouro_position *position);

/* ---- what the generated program defines */

void ouro_program_setup(void);
void ouro_program_thread_switch(void);
int ouro_program_main(void);
const char *ouro_class_name(void *type, Signed *length);
Signed ouro_size_variable(const char *name);
Signed ouro_nursery_size(void);
Signed ouro_main_stack_slots(void);
Signed ouro_within_limits(Signed most, Signed share);
extern const int ouro_debug_build;

#endif
