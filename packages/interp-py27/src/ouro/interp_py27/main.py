"""The command line."""

import sys as host_sys

from ouro.interp_py27 import modules
from ouro.interp_py27.objects import space
from ouro.interp_py27.vm.errors import OperationError

modules.load_all()
space.state.w_builtin_module = space.find_builtin_module("__builtin__")
space.state.w_sys_module = space.find_builtin_module("sys")


def run_file(path):
    source = space.read_file(path)
    w_main = space.new_main_module()
    code = space.compile_text(source, path, "exec", 0)
    space.run_code(code, w_main.w_dict, w_main.w_dict)


def entry_point(argv):
    try:
        run_file(argv[1])
    except OperationError as error:
        space.write_fd(2, space.exception_report(error.w_type, error.get_w_value(), error.traceback))
        return 1
    return 0


def target(driver, args):
    return entry_point


if __name__ == "__main__":
    host_sys.setrecursionlimit(100000)
    host_sys.exit(entry_point(host_sys.argv))
