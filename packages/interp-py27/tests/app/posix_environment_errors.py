"""What may not be a variable of the environment."""

import posix

for call, arguments in [
    (posix.putenv, ("a\0b", "c")), (posix.putenv, ("a", "c\0d")), (posix.putenv, ("a=b", "c")), (posix.putenv, ("", "x")),
    (posix.putenv, (3, "c")), (posix.putenv, ("a", None)), (posix.unsetenv, ("a\0b",)), (posix.unsetenv, ("a=b",)),
    (posix.unsetenv, ("",)),
    (posix.execve, ("/no/such", ["a"], {"a\0b": "c"})), (posix.execve, ("/no/such", ["a"], {"a": "c\0"})),
    (posix.execve, ("/no/such", ["a"], {"a=b": "c"})), (posix.execve, ("/no/such", ["a"], {"": "c"})),
    (posix.execve, ("/no/such", ["a"], {3: "c"})), (posix.execve, ("/no/such", ["a"], {"a": 3})),
    (posix.execve, ("/no/such", ["a"], 3)), (posix.execve, ("/no/such", ["a"], {"a": "b=c"})),
]:
    try:
        print call.__name__, call(*arguments)
    except Exception, error:
        print call.__name__, arguments[-1], type(error).__name__, error
