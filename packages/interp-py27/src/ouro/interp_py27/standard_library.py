"""Where CPython 2.7's pure-Python library is.

In order: what the command line or ``OURO27_LIB`` says, next to the executable, the user's cache, an installed
CPython 2.7.
"""

from ouro.rlib import rposix

# As many symbolic links follow one another.
MAX_LINKS = 40
# A file that every copy of the library has.
LANDMARK = "os.py"
# Where it is below the folder of an installation.
LIBRARY_OF_HOME = "/lib/python2.7"


def exists(path):
    try:
        rposix.stat(path)
    except OSError:
        return False
    return True


def is_library(directory):
    return exists(directory + "/" + LANDMARK)


def environment(name):
    """A variable, or an empty string."""
    value = rposix.getenv(name)
    return "" if value is None else value


def directory_of(path):
    slash = path.rfind("/")
    if slash < 0:
        return "."
    return path[:slash] if slash > 0 else "/"


def find_program(name):
    """The absolute path of the running executable, "" where it cannot be found: `name` is how it was called."""
    if "/" in name:
        return absolute(name)
    for directory in environment("PATH").split(":"):
        path = directory + "/" + name
        if directory != "" and exists(path):
            return absolute(path)
    return ""


def absolute(path):
    """The path from the root; as it is where the current directory is not known."""
    if path.startswith("/"):
        return path
    try:
        directory = rposix.getcwd()
    except OSError:
        return path
    return directory + "/" + (path[2:] if path.startswith("./") else path)


def real_path(path):
    """The path from the root without symbolic links, dots and doubled slashes; as it is where it leads nowhere."""
    waiting = absolute(path).split("/")
    waiting.reverse()
    done = ""
    links = 0
    while len(waiting) > 0:
        name = waiting.pop()
        if name == "" or name == ".":
            continue
        if name == "..":
            slash = done.rfind("/")
            done = done[:slash] if slash > 0 else ""
            continue
        step = done + "/" + name
        try:
            target = rposix.readlink(step)
        except OSError:
            if not exists(step):
                return path
            done = step
            continue
        links += 1
        if links > MAX_LINKS:
            return path
        if target.startswith("/"):
            done = ""
        names = target.split("/")
        names.reverse()
        for part in names:
            waiting.append(part)
    return done if done != "" else "/"


def candidates(option, program, use_environment):
    """Directories to look at, best first."""
    result = []
    if option != "":
        return [option]
    if use_environment:
        named = environment("OURO27_LIB")
        if named != "":
            return [named]
    if program != "":
        home = directory_of(program)
        result.append(home + "/lib/python2.7")
        result.append(home + "/../lib/python2.7")
    cache = environment("XDG_CACHE_HOME")
    if cache == "" and environment("HOME") != "":
        cache = environment("HOME") + "/.cache"
    if cache != "":
        result.append(cache + "/ouro/python2.7/Lib")
    versions = environment("PYENV_ROOT")
    if versions == "" and environment("HOME") != "":
        versions = environment("HOME") + "/.pyenv"
    if versions != "":
        add_pyenv(result, versions + "/versions")
    result.append("/usr/local/lib/python2.7")
    result.append("/usr/lib/python2.7")
    return result


def add_pyenv(result, versions):
    try:
        names = rposix.listdir(versions)
    except OSError:
        return
    for name in names:
        if name.startswith("2.7"):
            result.append(versions + "/" + name + "/lib/python2.7")


def home_library(use_environment):
    """The library of the installation that ``PYTHONHOME`` names, be it there or not; "" if it names none."""
    home = environment("PYTHONHOME") if use_environment else ""
    if home == "":
        return ""
    colon = home.find(":")
    return (home if colon < 0 else home[:colon]) + LIBRARY_OF_HOME


def exec_prefix(prefix, use_environment):
    """What ``PYTHONHOME`` has behind a colon, else the prefix."""
    home = environment("PYTHONHOME") if use_environment else ""
    colon = home.find(":")
    return prefix if colon < 0 else home[colon + 1:]


def find_library(option, program, use_environment):
    """The directory of the library, or an empty string. What ``PYTHONHOME`` says counts even if nothing is there."""
    home = home_library(use_environment)
    if home != "" and option == "" and environment("OURO27_LIB") == "":
        return home
    for directory in candidates(option, program, use_environment):
        if is_library(directory):
            return directory
    return ""


BAD_HOME = """\
%s: PYTHONHOME is wrong: there is no library in '%d'.
ImportError: No module named site
"""
MISSING = """\
%s: CPython 2.7's standard library is not found.
Say where it is with --lib DIRECTORY or the environment variable OURO27_LIB, or install CPython 2.7.
With -S a program runs without it, on built-in modules alone.
"""
