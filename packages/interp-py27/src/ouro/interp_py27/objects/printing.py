"""The ``print`` statement, and how an uncaught exception is shown."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.file_object import W_File
from ouro.interp_py27.objects.frame_object import W_Traceback
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.vm.errors import OperationError, operror, runtime_error
from ouro.rlib import rposix

STDERR = 2


def print_stream(w_stream):
    """The stream of a print statement; None for ``sys.stdout``."""
    if w_stream is None or space.is_none(w_stream):
        w_stream = space.sys_get("stdout")
        if w_stream is None:
            raise operror(space.w_RuntimeError, "lost sys.stdout")
    return w_stream


def soft_space(w_stream, new):
    """Set ``softspace`` and return what it was; streams without it count as 0."""
    if isinstance(w_stream, W_File):
        old = w_stream.softspace != 0
        w_stream.softspace = 1 if new else 0
        return old
    w_old = space.findattr(w_stream, "softspace")
    old = False
    if w_old is not None and space.is_int(w_old):
        old = space.is_true(w_old)
    try:
        space.setattr_str(w_stream, "softspace", space.newint(1 if new else 0))
    except OperationError:
        # A stream without the attribute prints all the same.
        pass
    return old


def end_line():
    """End the line of ``sys.stdout`` where a print statement with a comma at its end left it open."""
    w_stdout = space.sys_get("stdout")
    if w_stdout is None or space.is_none(w_stdout):
        return
    try:
        if soft_space(w_stdout, False):
            write_text(w_stdout, space.newstr("\n"))
    except OperationError:
        # what cannot be written now is reported when it is written out
        pass


def flush_stdout():
    """Write out what ``sys.stdout`` keeps, and end an open line."""
    end_line()
    w_stdout = space.sys_get("stdout")
    if w_stdout is None or space.is_none(w_stdout):
        return
    w_flush = space.findattr(w_stdout, "flush")
    if w_flush is not None:
        try:
            w_flush.call_0()
        except OperationError:
            # What cannot be written now is reported at exit.
            pass


def print_item(w_value, w_stream):
    w_stream = print_stream(w_stream)
    if space.is_file(w_stream):
        print_to_file(w_value, w_stream)
        return
    if soft_space(w_stream, False):
        write_text(w_stream, space.newstr(" "))
    if space.is_unicode(w_value):
        w_text = w_value
    else:
        w_text = space.str(w_value)
    write_text(w_stream, w_text)
    if not is_line_end(last_character(w_value, w_text)):
        soft_space(w_stream, True)


def printed_text(w_value):
    """``str()`` again and again, while that gives strings of classes with a ``__str__`` of their own."""
    if isinstance(w_value, W_Str):
        return w_value.value
    w_value = space.str(w_value)
    if isinstance(w_value, W_Str):
        return w_value.value
    return printed_again(w_value)


def printed_again(w_value):
    nesting = 1
    while not isinstance(w_value, W_Str):
        if nesting > 10:
            raise runtime_error("print recursion")
        w_value = space.str(w_value)
        nesting += 1
    return w_value.value


def print_to_file(w_value, w_file):
    """`print_item` to a file; as in CPython, methods that a subclass overrides are not called."""
    assert isinstance(w_file, W_File)
    if w_file.softspace:
        w_file.softspace = 0
        w_file.write(" ")
    if space.is_unicode(w_value):
        text = space.bytes_w(space.encode_for_stream(w_value, w_file))
    else:
        text = printed_text(w_value)
    w_file.write(text)
    if text == "" or not space.is_text(w_value) or not is_line_end(text[len(text) - 1]):
        w_file.softspace = 1


def is_line_end(character):
    """After a space character that is no space, the next item needs no space before it."""
    return character == "\n" or character == "\t" or character == "\r" or character == "\x0b" or character == "\x0c"


def last_character(w_value, w_text):
    """The last character where the item is text that may end a line, else NUL."""
    if not space.is_text(w_value) or not space.is_str(w_text):
        return "\0"
    text = space.bytes_w(w_text)
    if text == "":
        return "\0"
    return text[len(text) - 1]


def write_text(w_stream, w_text):
    space.getattr_str(w_stream, "write").call_1(w_text)


def print_newline(w_stream):
    w_stream = print_stream(w_stream)
    if space.is_file(w_stream):
        assert isinstance(w_stream, W_File)
        w_stream.write("\n")
        w_stream.softspace = 0
        return
    write_text(w_stream, space.newstr("\n"))
    soft_space(w_stream, False)


def write_exit_message(w_message):
    """What ``sys.exit(message)`` shows, in the encoding of ``sys.stderr``."""
    w_stderr = space.sys_get("stderr")
    try:
        if w_stderr is None or space.is_none(w_stderr):
            write_stderr(space.str_text(w_message))
        elif space.is_unicode(w_message) and space.is_file(w_stderr):
            write_text(w_stderr, space.encode_for_stream(w_message, w_stderr))
        else:
            write_text(w_stderr, space.str(w_message))
    except OperationError:
        # A message that cannot be shown is left out.
        pass
    write_stderr("\n")


# ---- tracebacks


def write_stderr(text):
    """To ``sys.stderr``, or where that fails to file descriptor 2."""
    w_stderr = space.sys_get("stderr")
    if w_stderr is not None and not space.is_none(w_stderr):
        try:
            write_text(w_stderr, space.newstr(text))
            return
        except OperationError:
            # Nothing is left but the descriptor.
            pass
    write_fd(STDERR, text)


def write_fd(fd, text):
    while text:
        try:
            count = rposix.write(fd, text)
        except OSError:
            return
        assert count >= 0
        text = text[count:]


def source_line(filename, lineno):
    """Line `lineno` of the file, stripped, or None."""
    text = space.read_source_file(filename)
    if text is None:
        return None
    position = 0
    for _ in range(lineno - 1):
        position = text.find("\n", position)
        if position < 0:
            return None
        position += 1
    end = text.find("\n", position)
    if end < 0:
        end = len(text)
    return text[position:end].strip(" \t\r\x0c")


def traceback_text(w_traceback, limit):
    """``Traceback (most recent call last):`` and its entries; the last `limit` ones."""
    parts = ["Traceback (most recent call last):\n"]
    depth = 0
    traceback = w_traceback
    while traceback is not None:
        depth += 1
        traceback = traceback.next
    traceback = w_traceback
    while traceback is not None:
        assert isinstance(traceback, W_Traceback)
        if depth <= limit:
            code = traceback.frame.code
            lineno = traceback.line()
            parts.append('  File "%s", line %d, in %s\n' % (code.filename, lineno, code.name))
            line = source_line(code.filename, lineno)
            if line:
                parts.append("    %s\n" % line)
        depth -= 1
        traceback = traceback.next
    return "".join(parts)


def syntax_error_place(w_value):
    """The lines that show where a SyntaxError is; None if its attributes do not say."""
    w_filename = space.findattr(w_value, "filename")
    w_lineno = space.findattr(w_value, "lineno")
    w_offset = space.findattr(w_value, "offset")
    w_text = space.findattr(w_value, "text")
    if w_filename is None or w_lineno is None or w_offset is None or w_text is None:
        return None
    filename = "<string>"
    if not space.is_none(w_filename):
        if not space.is_str(w_filename):
            return None
        filename = space.text_w(w_filename)
    if not space.is_int(w_lineno):
        return None
    offset = -1
    if not space.is_none(w_offset):
        if not space.is_int(w_offset):
            return None
        offset = space.int_w(w_offset)
    result = '  File "%s", line %d\n' % (filename, space.int_w(w_lineno))
    if space.is_none(w_text):
        return result
    if not space.is_str(w_text):
        return None
    return result + marked_line(space.text_w(w_text), offset)


def marked_line(text, offset):
    """The line without indentation and a caret below column `offset` (from 1); the text as it is where that is -1."""
    if offset >= 0:
        if offset > 0 and offset == len(text) and text.endswith("\n"):
            offset -= 1
        # Only the line with the error of a text of several.
        newline = text.find("\n")
        while 0 <= newline < offset:
            text = text[newline + 1:]
            offset -= newline + 1
            newline = text.find("\n")
        start = 0
        while start < len(text) and (text[start] == " " or text[start] == "\t"):
            start += 1
        text = text[start:]
        offset -= start
    if not text.endswith("\n"):
        text += "\n"
    result = "    " + text
    if offset == -1:
        return result
    spaces = offset - 1
    if spaces < 0:
        spaces = 0
    return result + "    " + " " * spaces + "^\n"


def exception_text(w_type, w_value):
    """The last line of a traceback, and for a SyntaxError the place before it."""
    place = ""
    w_message = w_value
    if space.findattr(w_value, "print_file_and_line") is not None and space.is_exception_class(w_type):
        w_msg = space.findattr(w_value, "msg")
        lines = None if w_msg is None else syntax_error_place(w_value)
        if lines is not None:
            place = lines
            w_message = w_msg
    name = space.name_of_class(w_type) if space.is_exception_class(w_type) else space.str_text(w_type)
    w_module = space.findattr(w_type, "__module__")
    if w_module is not None and space.is_str(w_module):
        module = space.text_w(w_module)
        if module != "exceptions":
            name = module + "." + name
    elif w_module is None:
        name = "<unknown>" + name
    if space.is_none(w_message):
        return place + name + "\n"
    try:
        text = space.str_text(w_message)
    except OperationError:
        return place + name + ": <exception str() failed>\n"
    if text == "":
        return place + name + "\n"
    return place + name + ": " + text + "\n"


def exception_report(w_type, w_value, w_traceback):
    """Everything that is shown of an uncaught exception."""
    result = ""
    if w_traceback is not None:
        result = traceback_text(w_traceback, traceback_limit())
    return result + exception_text(w_type, w_value)


def display_exception(w_type, w_value, w_traceback):
    """What ``sys.excepthook`` does: show an exception, if there is a ``sys.stderr`` to show it on."""
    w_stderr = space.sys_get("stderr")
    if w_stderr is None or space.is_none(w_stderr):
        write_fd(STDERR, "lost sys.stderr\n")
        return
    try:
        write_text(w_stderr, space.newstr(exception_report(w_type, w_value, w_traceback)))
    except OperationError:
        # Where standard error cannot be written there is nobody to tell.
        pass


def traceback_limit():
    w_limit = space.sys_get("tracebacklimit")
    if w_limit is not None and space.is_int(w_limit):
        return space.int_w(w_limit)
    return 1000


def write_unraisable(error, w_where):
    """Report an exception that has nowhere to go, one of a finalizer or callback `w_where`."""
    w_stderr = space.sys_get("stderr")
    if w_stderr is None or space.is_none(w_stderr):
        return
    if space.is_exception_class(error.w_type):
        kind = space.name_of_class(error.w_type)
        w_module = space.findattr(error.w_type, "__module__")
        if w_module is None or not space.is_str(w_module):
            kind = "<unknown>" + kind
        elif space.text_w(w_module) != "exceptions":
            kind = space.text_w(w_module) + "." + kind
    else:
        kind = space.str_text(error.w_type)
    text = "Exception " + kind
    w_value = error.peek_w_value()
    if not space.is_none(w_value):
        try:
            value = space.repr_text(w_value)
        except OperationError:
            value = "<exception repr() failed>"
        text += ": " + value
    try:
        where = space.repr_text(w_where)
    except OperationError:
        where = "<object repr() failed>"
    try:
        write_stderr("%s in %s ignored\n" % (text, where))
    except OperationError:
        # Where standard error cannot be written there is nobody to tell.
        pass
