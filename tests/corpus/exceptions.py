# ruff: noqa: B012, B904 - the program is about leaving handlers in odd ways
"""Raising, catching and cleaning up."""

from ouro.rlib.rarithmetic import ovfcheck


class AppError(Exception):
    def __init__(self, code):
        self.code = code


class SpecialError(AppError):
    def __init__(self, code, detail):
        AppError.__init__(self, code)
        self.detail = detail


class Log:
    def __init__(self):
        self.text = ""

    def add(self, part):
        self.text = self.text + part


def fail(kind):
    if kind == 1:
        raise AppError(10)
    if kind == 2:
        raise SpecialError(20, 5)
    if kind == 3:
        raise ValueError
    if kind == 4:
        raise KeyError("missing")
    return kind


def catch_by_class(kind):
    try:
        return fail(kind)
    except SpecialError as e:
        return e.code + e.detail
    except AppError as e:
        return e.code
    except (ValueError, KeyError):
        return -1


def not_caught(kind):
    try:
        return fail(kind)
    except SpecialError:
        return 99


def else_and_finally(kind):
    log = Log()
    try:
        try:
            fail(kind)
        except AppError:
            log.add("c")
        else:
            log.add("e")
        finally:
            log.add("f")
    except ValueError:
        log.add("v")
    return log.text


def return_through_finally(n):
    log = Log()
    result = _return_through(log, n)
    log.add(str(result))
    return log.text


def _return_through(log, n):
    for i in range(5):
        try:
            if i == n:
                return i * 10
            if i == 3:
                break
            if i == 1:
                continue
            log.add("x")
        finally:
            log.add(str(i))
    return -1


def finally_overrides(n):
    while True:
        try:
            fail(n)
            return 1
        except AppError:
            return 2
        finally:
            if n == 1:
                break
    return 3


def reraise(kind):
    try:
        try:
            fail(kind)
        except AppError as e:
            if e.code == 10:
                raise
            raise ValueError("other") from e
    except AppError as e:
        return e.code
    except ValueError:
        return 7
    return 0


def raise_variable(kind):
    if kind:
        error = AppError(1)
    else:
        error = SpecialError(2, 3)
    try:
        raise error
    except SpecialError as caught:
        return caught.detail
    except AppError as caught:
        return caught.code


def index_error(n):
    items = [1, 2, 3]
    try:
        return items[n]
    except IndexError:
        return -1


def key_error(key):
    table = {"a": 1, "b": 2}
    try:
        return table[key]
    except KeyError:
        return -1


def lookup_error(n):
    items = [5, 6]
    try:
        items[n] = 9
    except LookupError:
        return -items[0]
    return items[0] + items[1]


def overflow(a, b):
    try:
        return ovfcheck(a * b)
    except OverflowError:
        return -1


def overflow_more(a, b):
    try:
        c = ovfcheck(a + b)
        c = ovfcheck(c - 1)
        c = ovfcheck(-c)
        return ovfcheck(c << 3)
    except OverflowError:
        return 12345


def divide(a, b):
    try:
        return a // b + a % b
    except ZeroDivisionError:
        return 0


def catch_all(kind):
    try:
        fail(kind)
    except Exception:
        return 1
    return 0


def checks(n):
    try:
        assert n > 3, "too small"
    except AssertionError:
        return -1
    assert isinstance(n, int)
    return n


class Resource:
    def __init__(self, log, name):
        self.log = log
        self.name = name

    def __enter__(self):
        self.log.add("(" + self.name)
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        if exc_type is None:
            self.log.add(")")
        else:
            self.log.add("!")
        return False


def with_statement(kind):
    log = Log()
    try:
        with Resource(log, "a") as a, Resource(log, "b") as b:
            log.add(a.name)
            fail(kind)
            log.add(b.name)
    except AppError:
        log.add("caught")
    return log.text


def with_return(n):
    log = Log()
    _with_return(log, n)
    return log.text


def _with_return(log, n):
    with Resource(log, "r"):
        if n > 3:
            return n
        log.add("small")
    return 0


def nested_handlers(n):
    result = 0
    for i in range(n):
        try:
            try:
                if i % 3 == 0:
                    raise KeyError
                if i % 3 == 1:
                    raise SpecialError(i, i)
                result += 1
            except KeyError:
                result += 10
                if i > 5:
                    raise AppError(i)
        except AppError as e:
            result += 100 + e.code
    return result


def leave(n):
    if n > 2:
        raise SystemExit(n)
    if n > 1:
        raise KeyboardInterrupt
    return n


def exceptions_that_end_the_program(n):
    try:
        return leave(n)
    except SystemExit as error:
        return error.code + 100
    except KeyboardInterrupt:
        return -1


def exceptions_that_except_exception_lets_through(n):
    try:
        try:
            return leave(n)
        except Exception:
            return -2
    except SystemExit:
        return -3
    except BaseException:
        return -4


def arguments_that_are_refused(text, separator, base):
    result = 0
    try:
        result += len(text.split(separator))
    except ValueError:
        result += 100
    try:
        result += len(text.rsplit(separator, 1))
    except ValueError:
        result += 200
    try:
        result += len(text.partition(separator)[0])
    except ValueError:
        result += 400
    try:
        result += len(text.rpartition(separator)[2])
    except ValueError:
        result += 800
    try:
        result += int(text, base)
    except ValueError:
        result += 1600
    return result


ENTRIES = [
    (arguments_that_are_refused, [("5", "", 38), ("5", "", -1), ("1", "x", 1), ("7x1", "x", 36), ("12", "1", 0)]),
    (exceptions_that_end_the_program, [(1,), (2,), (3,)]),
    (exceptions_that_except_exception_lets_through, [(1,), (2,), (3,)]),
    (catch_by_class, [(0,), (1,), (2,), (3,), (4,)]),
    (not_caught, [(0,), (1,), (2,), (3,)]),
    (else_and_finally, [(0,), (1,), (2,), (3,), (4,)]),
    (return_through_finally, [(0,), (2,), (7,)]),
    (finally_overrides, [(0,), (1,), (2,), (3,)]),
    (reraise, [(0,), (1,), (2,), (3,)]),
    (raise_variable, [(0,), (1,)]),
    (index_error, [(0,), (2,), (3,), (-3,), (-4,)]),
    (key_error, [("a",), ("b",), ("c",)]),
    (lookup_error, [(0,), (5,)]),
    (overflow, [(3, 4), (1 << 40, 1 << 40), (-(1 << 62), 2)]),
    (overflow_more, [(1, 2), ((1 << 62), (1 << 62)), (1 << 60, 1 << 60)]),
    (divide, [(7, 2), (-7, 2), (7, -2), (1, 0)]),
    (catch_all, [(0,), (1,), (3,)]),
    (checks, [(1,), (4,)]),
    (with_statement, [(0,), (1,), (2,), (3,)]),
    (with_return, [(1,), (5,)]),
    (nested_handlers, [(0,), (5,), (12,)]),
]
