"""A program that is told by its JIT what that does: for a translation, with a JIT and without."""

from ouro.rlib import jit, jit_hooks


def where(step):
    return ("file.x", step + 40, "main", step, "ADD")


driver = jit.JitDriver(greens=["step"], reds=["n", "total"], name="sums", get_location=where)


class Told(jit.JitHookInterface):
    def __init__(self):
        self.lines = []

    def after_compile(self, event):
        place = "%s:%d %s %d %s" % (event.filename, event.line, event.function, event.position, event.opcode)
        self.lines.append("%s loop %d at %s" % (event.driver, event.loop, place))
        if len(event.operations) > 10 and (event.size > 0) == (event.address != 0):
            self.lines.append("code")

    def after_compile_bridge(self, event):
        self.lines.append("bridge of loop %d" % event.loop)

    def on_abort(self, event):
        self.lines.append("aborted: " + event.reason)


def sums(n, step):
    total = 0
    while n > 0:
        driver.jit_merge_point(step=step, n=n, total=total)
        total += step if n & 3 else n
        n -= 1
    return total


def entry_point(argv):
    told = Told()
    jit_hooks.set_hooks(told)
    driver.trace_next_iteration(5)
    print("%d" % sums(5000, 5))
    for line in told.lines:
        print(line)
    if jit_hooks.is_jit_available():
        jit_hooks.release_all()
        print("%d freed" % jit_hooks.get_statistic(jit_hooks.STATISTICS.index("freed_loops")))
    return 0


def target(driver, arguments):
    return entry_point
