"""The `ouro` command."""

from __future__ import annotations

import argparse
import io
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define
from ouro.rlib.c_compiler import compiler_identity, named_compiler
from ouro.translator._cache import (
    ExecutableCache,
    Manifest,
    cache_folder,
    check_cache_folder,
    loaded_sources,
    manifest_of,
)
from ouro.translator._errors import UserError
from ouro.translator._opened_files import recorded_files
from ouro.translator._progress import Progress
from ouro.translator._requirements import check_compiler, check_is_no_source, check_output, write_output
from ouro.translator._signals import raised_signals
from ouro.translator._target import COLLECTORS, Target, TargetDriver, exit_status, load_target, short_traceback
from rich.console import Console

if TYPE_CHECKING:
    from ouro.translator.pipeline import Options

JIT_BACKENDS = ("x86", "interpret")
STAGES = ("flow", "annotated", "typed", "optimised", "collected", "c")
DUMPS = (*STAGES, "jitcodes")


@define
class Command:
    """What the command line asks for."""

    options: argparse.Namespace
    console: Console

    def target(self) -> Target:
        """The target file, loaded; its driver has what is to be done: the options that were given, then what it set."""
        options = self.options
        given = {"optimisation": getattr(options, "optimisation", None), "collector": getattr(options, "gc", None)}
        driver = TargetDriver()
        _set(driver, given)
        target = load_target(options.target, driver)
        _set(target.driver, given)
        return target


def _set(driver: TargetDriver, given: dict[str, Any]) -> None:
    for name, value in given.items():
        if value is not None:
            setattr(driver, name, value)


def _output_file(text: str) -> Path:
    """The file that an option names. A `Path` forgets the end that makes a name one of a folder."""
    path = Path(text)
    if text.split("/")[-1] in ("", ".", "..") and text and not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text}: this is the name of a folder, which does not exist; name a file")
    return path


class Parser(argparse.ArgumentParser):
    """A parser whose commands refuse what they do not know themselves, with their own usage."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return options, unknown


def make_parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="ouro", description="Translates RPython programs to native executables, and runs and shows them."
    )
    parser.add_argument("--debug", action="store_true", help="show the toolchain's own traceback on an error")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
        return command

    def add_collector(command: argparse.ArgumentParser) -> None:
        command.add_argument("--gc", choices=COLLECTORS, help="the collector (default: the target's, or generational)")

    def add_translation_options(command: argparse.ArgumentParser) -> None:
        level = command.add_mutually_exclusive_group()
        level.add_argument("-O0", dest="optimisation", action="store_const", const=0, help="compile quickly")
        level.add_argument(
            "-O2", dest="optimisation", action="store_const", const=2,
            help="compile for speed (the default, unless the target sets another)",
        )
        add_collector(command)
        command.add_argument("--verify", action="store_true", help="check the graphs between the stages")
        command.add_argument(
            "--jit", action=argparse.BooleanOptionalAction, default=None,
            help="generate a JIT compiler for an interpreter with a JitDriver (the default where traces can become "
            "machine code: on x86-64, with the generational collector)",
        )
        command.add_argument(
            "--jit-backend", choices=JIT_BACKENDS, help="how the JIT runs traces (the default fits the machine)"
        )

    translate = add("translate", "Translate a target file to an executable.")
    translate.add_argument("target", type=Path, metavar="TARGET.py")
    add_translation_options(translate)
    translate.add_argument("--output", type=_output_file, metavar="FILE", help="the executable to write")
    translate.add_argument("--report", type=_output_file, metavar="FILE", help="write the figures of the run as JSON")
    translate.add_argument("--quiet", action="store_true", help="show nothing but errors")

    execute = add("exec", "Translate a target file unless that was done before, and run the executable.")
    execute.add_argument("target", type=Path, metavar="TARGET.py")
    add_translation_options(execute)
    execute.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS")

    run = add("run", "Run a target file untranslated, on this Python.")
    run.add_argument(
        "--jit-untranslated", action="store_true",
        help="run the typed program with its JIT, over a model of the machine; OUROLOG=jit-log-opt:- shows the traces",
    )
    run.add_argument(
        "--jit", default="threshold=3,trace_eagerness=2", metavar="PARAMETERS",
        help="parameters of the JIT for --jit-untranslated (default: %(default)s)",
    )
    run.add_argument("target", type=Path, metavar="TARGET.py")
    run.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGS")

    dump = add("dump", "Print what a stage makes of a target file.")
    dump.add_argument("stage", choices=DUMPS)
    dump.add_argument("target", type=Path, metavar="TARGET.py")
    add_collector(dump)
    dump.add_argument("--function", help="only the graphs whose name contains this")

    view = add("view", "Draw the graphs of a target file as an HTML page.")
    view.add_argument("target", type=Path, metavar="TARGET.py")
    view.add_argument("--stage", choices=STAGES[:-1], default="flow")
    add_collector(view)
    view.add_argument("--function", help="only the graphs whose name contains this")
    view.add_argument(
        "--output", type=_output_file, metavar="FILE", help="the page to write (default: the target's name)"
    )

    trace = add("trace", "Show what a JIT has compiled as an HTML page.")
    trace.add_argument("log", type=Path, metavar="LOG", help="written by a program with OUROLOG=jit-:LOG")
    trace.add_argument(
        "--output", type=_output_file, metavar="FILE.html", help="the page to write (default: the log's name)"
    )
    return parser


def _options(options: argparse.Namespace, driver: TargetDriver) -> Options:
    from ouro.translator.pipeline import Options  # as for `translate`

    return Options(driver.optimisation, driver.collector, options.verify, options.jit, options.jit_backend)


def translate_command(command: Command) -> int:
    options = command.options
    if options.output:
        check_output(options.output, "the executable", "--output")
    if options.report:
        check_output(options.report, "the report", "--report", regular=False)
    check_compiler()
    check_cache_folder()
    target = command.target()
    output = options.output or Path(target.executable_name)
    check_output(output, "the executable", "--output")
    check_is_no_source(output, target.path, "--output")
    if options.report:
        check_is_no_source(options.report, target.path, "--report")
        if options.report.resolve() == output.resolve():
            raise UserError(f"{options.report}: this is the executable", "name another file with --report")
    from ouro.translator.pipeline import translate  # importing all stages takes longer than `exec` may

    progress = Progress(command.console, options.quiet)
    translation = translate(target, _options(options, target.driver), output, progress)
    progress.summary()
    if options.report:
        suggestion = f"the executable {output} is there and whole; name another file with --report"
        write_output(options.report, json.dumps(translation.report(), indent=1), "the report", suggestion)
    return 0


def exec_command(command: Command) -> int:
    options = command.options
    arguments = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    identity = compiler_identity(named_compiler())
    jit = f"jit={options.jit} {options.jit_backend}"
    cache = ExecutableCache(options.target, f"-O{options.optimisation} {options.gc} {jit} {identity}")
    while True:
        executable = cache.find()
        if executable is None:
            check_compiler()
            check_cache_folder()
            executable = _translate_to_cache(command, cache)
        try:
            return cache.run(executable, arguments)
        except FileNotFoundError:
            if executable.exists():
                raise
            # another process has put one of newer sources in its place just now


def _translate_to_cache(command: Command, cache: ExecutableCache) -> Path:
    fresh = cache.folder.parent / f"building-{os.getpid()}"
    progress = Progress(command.console)
    with recorded_files(cache_folder()) as opened:

        def manifest() -> Manifest:
            return manifest_of([*loaded_sources(), *opened.read()], opened.missing())

        target = command.target()
        read = manifest()
        from ouro.translator.pipeline import translate  # needed only where nothing is cached

        try:
            translate(target, _options(command.options, target.driver), fresh, progress)
            executable = cache.store(fresh, {**manifest(), **read})
        finally:
            fresh.unlink(missing_ok=True)
    progress.summary()
    return executable


def run_command(command: Command) -> int:
    options = command.options
    target = command.target()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="latin-1")  # print writes one byte for each character, as the executable does
    if options.jit_untranslated:
        from ouro.translator._jit_on_host import run_with_jit  # needs every stage

        return run_with_jit(target, [str(options.target), *options.arguments], options.jit)
    try:
        result = target.entry_point(byte_arguments([str(options.target), *options.arguments]))
    except Exception as error:
        raise UserError(f"{options.target}: the program ended with an exception\n{short_traceback(error)}") from error
    finally:
        sys.stdout.flush()
    return exit_status(target.entry_point, result)


def byte_arguments(arguments: list[str]) -> list[str]:
    """The arguments as an executable gets them: one character of a `str` for each byte."""
    return [os.fsencode(argument).decode("latin-1") for argument in arguments]


def dump_command(command: Command) -> int:
    from ouro.translator._inspection import dump  # needs every stage

    options = command.options
    texts = iter(dump(command.target(), options.stage, options.function))
    first = next(texts, None)
    if first is None:
        raise nothing_of(options)
    print(first)
    for text in texts:
        print(text)
    return 0


def nothing_of(options: argparse.Namespace) -> UserError:
    """What `--function` asks for is not there."""
    return UserError(
        f"{options.target}: nothing of the stage {options.stage!r} has {options.function!r} in its name",
        f"`ouro dump {options.stage}` without --function shows all; small functions are inlined by 'optimised'",
    )


def view_command(command: Command) -> int:
    from ouro.translator._inspection import page  # needs every stage

    options = command.options
    if options.output:
        check_output(options.output, "the page", "--output", regular=False)
    target = command.target()
    output = options.output or Path(target.executable_name + ".html")
    check_output(output, "the page", "--output", regular=False)
    check_is_no_source(output, target.path, "--output")
    text = page(target, options.stage, options.function)
    if text is None:
        raise nothing_of(options)
    write_output(output, text, "the page", "name another file with --output")
    print(output)
    return 0


def trace_command(command: Command) -> int:
    from ouro.translator._jit_log import read_log  # the other commands have no use for it
    from ouro.translator._jit_page import trace_page

    options = command.options
    try:
        text = options.log.read_text(errors="replace")
    except OSError as error:
        raise UserError(f"{options.log}: cannot read the log: {error.strerror}") from error
    output = options.output or options.log.with_suffix(".html")
    check_output(output, "the page", "--output", regular=False)
    if output.resolve() == options.log.resolve():
        raise UserError(f"{output}: this is the log itself", "name another file with --output")
    page = trace_page(read_log(text.splitlines(), str(options.log)), options.log.name)
    write_output(output, page, "the page", "name another file with --output")
    print(output)
    return 0


COMMANDS = {
    "translate": translate_command,
    "exec": exec_command,
    "run": run_command,
    "dump": dump_command,
    "view": view_command,
    "trace": trace_command,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is 0, 1 for an error, 2 for a wrong command line, 128 + n for signal n."""
    options = make_parser().parse_args(arguments)
    console = Console(stderr=True)
    try:
        with raised_signals():
            return COMMANDS[options.command](Command(options, console))
    except KeyboardInterrupt as interrupt:
        console.print(f"ouro: {str(interrupt) or 'interrupted'}; nothing was written", style="bold red")
        return 128 + getattr(interrupt, "number", signal.SIGINT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except UserError as error:
        if options.debug:
            traceback.print_exc()
        report(console, error)
        return error.status
    except OSError as error:
        if options.debug:
            traceback.print_exc()
        report(console, UserError(str(error)))
        return 1
    except Exception as error:
        if options.debug:
            traceback.print_exc()
        return report_stage_error(console, error)


def report(console: Console, error: UserError) -> None:
    console.print(f"ouro: {error.message}", style="bold red", markup=False, highlight=False, soft_wrap=True)
    if error.suggestion:
        console.print(f"help: {error.suggestion}", style="green", markup=False, highlight=False, soft_wrap=True)


def report_stage_error(console: Console, error: Exception) -> int:
    """Print an error of a stage: its own message where it is about the user's program, else that it is ours."""
    render = getattr(error, "render", None)
    if render is not None:
        render(console)
        return 1
    if getattr(error, "is_about_program", False):
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        return 1
    suggestion = getattr(error, "suggestion", None)
    if suggestion is not None:
        report(console, UserError(str(error), suggestion))
        return 1
    where = traceback.extract_tb(error.__traceback__)[-1]
    console.print(
        f"ouro: internal error: {type(error).__name__}: {error}\n"
        f"  at {where.filename}:{where.lineno}, in {where.name}\n"
        "help: this is a defect of the toolchain; run again with --debug for the whole traceback",
        style="bold red",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
    return 1
