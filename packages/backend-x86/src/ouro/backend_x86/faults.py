"""A fault in compiled code says on standard error in which loop it was, and behind which guard.

Whoever makes such a mistake possible (a wrong hint, a C function, the compiler itself) has an address otherwise, and
nothing that knows the name of it. The process then ends as it would have: the fault comes again, without a handler.
What runs meanwhile allocates nothing, as no one knows what the fault has left of the heap, and has a stack of its own:
functions in C do not look how much is left of theirs.
"""

from __future__ import annotations

from ouro.lltype import FuncType, Signed, Void, cast_ptr_to_int, functionptr
from ouro.rlib import rffi

_process = rffi.library(
    "void ouro_x86_watch_faults(long describe, long low, long high); void ouro_x86_write_error(long character);",
    includes=["errno.h", "signal.h", "string.h", "sys/syscall.h", "ucontext.h", "unistd.h"],
    defines=["_GNU_SOURCE"],
    source="""
    static void (*ouro_x86_describe)(long place, long number, long is_exact, long is_full);
    static long ouro_x86_low, ouro_x86_high;
    /* of the first thread; others get theirs when they begin */
    static char ouro_x86_signal_stack[64 * 1024];

    /* Would reading a word make another fault? The kernel looks at the set of signals before it refuses what is to be
       done with it. (The trick is that of AddressIsReadable in Abseil.) */
    static int ouro_x86_is_readable(const long *word)
    {
        return !(syscall(SYS_rt_sigprocmask, -1L, word, NULL, 8L) == -1 && errno == EFAULT);
    }

    static int ouro_x86_is_code(long place)
    {
        return ouro_x86_low <= place && place < ouro_x86_high;
    }

    /* Is it where a call in the code goes on? What is on the stack may be left there by others. */
    static int ouro_x86_is_return(long place)
    {
        const unsigned char *end = (const unsigned char *)place;
        int size;
        if (!ouro_x86_is_code(place) || !ouro_x86_is_code(place - 7)
            || !ouro_x86_is_readable((const long *)((place - 7) & -8))
            || !ouro_x86_is_readable((const long *)(place & -8)))
            return 0;
        for (size = 2; size <= 7; size++)
            if (end[-size] == 0xFF && (end[1 - size] & 0x38) == 0x10)
                return 1;
        return end[-5] == 0xE8;
    }

    /* In a function that compiled code has called: the next address in the code that is found on the stack. Where the
       stack is full it begins behind what cannot be read, and the code may be as far as the stack goes. */
    static void ouro_x86_fault(int number, siginfo_t *information, void *context)
    {
        const long page = 4096;
        const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
        const long *stack = (const long *)(registers[REG_RSP] & -8);
        long place = (long)registers[REG_RIP];
        long distance = (long)information->si_addr - (long)stack;
        int is_exact = ouro_x86_is_code(place);
        int is_found = is_exact;
        int is_full = information->si_code > 0 && (number == SIGSEGV || number == SIGBUS)
                      && -64 * 1024 <= distance && distance < 4096 * page
                      && !ouro_x86_is_readable(information->si_addr);
        long depth;
        if (is_full && !ouro_x86_is_readable(stack)) {
            for (depth = 0; depth < 4096 && !ouro_x86_is_readable(stack); depth++)
                stack = (const long *)(((long)stack + page) & -page);
        }
        for (depth = 0; (is_full || depth < 512) && !is_found; depth++) {
            if (((long)(stack + depth) % page == 0 || depth == 0) && !ouro_x86_is_readable(stack + depth))
                break;
            place = stack[depth];
            is_found = ouro_x86_is_return(place);
        }
        ouro_stack_limit = NULL; /* that of a stack that this function does not run on */
        if (is_found)
            ouro_x86_describe(place, number, is_exact, is_full);
        if (information->si_code <= 0)
            raise(number); /* somebody has sent it: it does not come again by itself */
    }

    void ouro_x86_watch_faults(long describe, long low, long high)
    {
        static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
        struct sigaction action, known;
        stack_t stack;
        unsigned index;
        ouro_x86_describe = (void (*)(long, long, long, long))describe;
        ouro_x86_low = low;
        ouro_x86_high = high;
        if (sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_DISABLE)) {
            memset(&stack, 0, sizeof(stack));
            stack.ss_sp = ouro_x86_signal_stack;
            stack.ss_size = sizeof(ouro_x86_signal_stack);
            sigaltstack(&stack, NULL);
        }
        memset(&action, 0, sizeof(action));
        action.sa_sigaction = ouro_x86_fault;
        action.sa_flags = SA_SIGINFO | SA_RESETHAND | SA_NODEFER | SA_ONSTACK;
        for (index = 0; index < sizeof(numbers) / sizeof(numbers[0]); index++)
            if (sigaction(numbers[index], NULL, &known) == 0 && known.sa_handler == SIG_DFL)
                sigaction(numbers[index], &action, NULL);
    }

    void ouro_x86_write_error(long character)
    {
        char byte = (char)character;
        if (write(2, &byte, 1) != 1)
            return; /* there is nobody left to tell */
    }
    """,
)


class _State:
    """The backend whose code is watched."""

    def __init__(self):
        self.backend = None


_state = _State()


def _write(text):
    for character in text:
        _process.ouro_x86_write_error(ord(character))


def _write_number(number):
    """Digits one by one: `str` would allocate."""
    power = 1
    while power <= number // 10:
        power *= 10
    while power > 0:
        _process.ouro_x86_write_error(ord("0") + number // power % 10)
        power //= 10


def _describe(place, number, is_exact, is_full):
    """Say what is at an address in compiled code."""
    _write("fatal error: signal ")
    _write_number(number)
    if is_full:
        _write(" (the stack is full)")
    if is_exact:
        _write(" in compiled code")
    else:
        _write(" in a function that compiled code has called")
    piece = _state.backend.piece_at(place)
    if piece is not None:
        _write(": in a bridge of " if piece.is_bridge else ": in ")
        _write(piece.token.title)
        guard = piece.guard_in_front_of(place)
        if guard is None:
            _write(", in front of its first guard")
        else:
            _write(", behind guard ")
            _write_number(guard.number)
    _write("\n")


_DESCRIBE = functionptr(FuncType([Signed, Signed, Signed, Signed], Void), "x86_describe_fault", callable=_describe)


def watch_faults(backend):
    """Have faults in the code of a backend, which has started, described. Handlers of the program come first."""
    _state.backend = backend
    memory = backend.memory
    _process.ouro_x86_watch_faults(cast_ptr_to_int(_DESCRIBE), memory.begin(), memory.end())
