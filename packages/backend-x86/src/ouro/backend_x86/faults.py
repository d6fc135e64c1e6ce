"""A fault in compiled code says on standard error in which loop it was, and behind which guard.

Whoever makes such a mistake possible (a wrong hint, a C function, the compiler itself) has an address otherwise, and
nothing that knows the name of it. The process then ends as it would have: the fault comes again, without a handler.
What runs meanwhile allocates nothing, as no one knows what the fault has left of the heap.
"""

from __future__ import annotations

from ouro.lltype import FuncType, Signed, Void, cast_ptr_to_int, functionptr
from ouro.rlib import rffi

_process = rffi.library(
    "void ouro_x86_watch_faults(long describe, long low, long high); void ouro_x86_write_error(long character);",
    includes=["signal.h", "string.h", "ucontext.h", "unistd.h"],
    defines=["_GNU_SOURCE"],
    source="""
    static void (*ouro_x86_describe)(long place, long number, long is_exact);
    static long ouro_x86_low, ouro_x86_high;

    /* In a function that compiled code has called: the next address in the code that is found on the stack. */
    static void ouro_x86_fault(int number, siginfo_t *information, void *context)
    {
        const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
        const long *stack = (const long *)registers[REG_RSP];
        long place = (long)registers[REG_RIP];
        int is_exact = ouro_x86_low <= place && place < ouro_x86_high;
        int depth;
        for (depth = 0; depth < 512 && !(ouro_x86_low <= place && place < ouro_x86_high); depth++)
            place = stack[depth];
        if (ouro_x86_low <= place && place < ouro_x86_high)
            ouro_x86_describe(place, number, is_exact);
        if (information->si_code <= 0)
            raise(number); /* somebody has sent it: it does not come again by itself */
    }

    void ouro_x86_watch_faults(long describe, long low, long high)
    {
        static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE};
        struct sigaction action, known;
        unsigned index;
        ouro_x86_describe = (void (*)(long, long, long))describe;
        ouro_x86_low = low;
        ouro_x86_high = high;
        memset(&action, 0, sizeof(action));
        action.sa_sigaction = ouro_x86_fault;
        action.sa_flags = SA_SIGINFO | SA_RESETHAND | SA_NODEFER;
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


def _describe(place, number, is_exact):
    """Say what is at an address in compiled code."""
    _write("fatal error: signal ")
    _write_number(number)
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


_DESCRIBE = functionptr(FuncType([Signed, Signed, Signed], Void), "x86_describe_fault", callable=_describe)


def watch_faults(backend):
    """Have faults in the code of a backend, which has started, described. Handlers of the program come first."""
    _state.backend = backend
    memory = backend.memory
    _process.ouro_x86_watch_faults(cast_ptr_to_int(_DESCRIBE), memory.begin(), memory.end())
