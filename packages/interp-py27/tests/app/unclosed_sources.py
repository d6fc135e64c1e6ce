"""Where errors at the end of a source are: in files behind the last line, in strings on it; and how they are shown."""

import imp
import os
import sys
import tempfile

SOURCES = [
    '', '"""', 'x = 1\n"""abc', 'x = 1\n"""abc\n', 'x = 1\n"""abc\n\n', 'x = 1\n"""abc\ndef\n   ', "x = '''abc\n'",
    "def f():\n  '''x\n  y\n", '"""abc\\', '"""abc\\\n', '"abc', '"abc\n', '"abc\\', '"abc\\\n', '"abc\\\n\n', "'",
    "x = (", "x = (\n", "x = (\n\n\n", "x = (\n\n\n#c", "x = (1,\n2", "x = \\", "x = \\\n", "x = \\\n\n", "if 1:", "if 1:\n",
    "if 1:\n\n", "if 1:\n  x\n y\n", "def f(", "class A", "@x\n", "@x\n\n\n", "for", "try:\n x\n", "try:\n x", "x = [1,\n'''",
    "u'''\xc3\xa9\n", "# coding: utf-8\nu'''\xc3\xa9\n", "x = $\n", " x\n", "\"\"\"a\r\nb\r\n",
    "if 1:\n    x = 1\n\tz = 2\n", "x = 'a\nb'", '"""a\n' * 3, "'''\x0c\n", "# -*- coding: latin-1 -*-\nx = '''a\n\n",
    "# coding: iso-8859-15\nx = '''a\n\n", "# coding: iso-8859-15\nx = '''a\n\nb", "# coding: koi8-r\nx = (\n",
    "\xef\xbb\xbfx = '''\n\n", "else", "a b", "(a\nb", "\n\n\n(", "''' \\", "'''\\\n\\\n\\", "x = r'''\n\\'''", "'''a\nb''' c\n",
    "x = '''a\n''' + (\n", "'''a\n'''; '''b\n",
]
FOLDER = tempfile.mkdtemp()
PATH = os.path.join(FOLDER, "source.py")


def show(way, function, *args):
    try:
        function(*args)
        print way, "fine"
    except NameError:
        print way, "no name"
    except SyntaxError as error:
        print way, type(error).__name__, error.msg.replace(FOLDER, ""), error.lineno, error.offset, repr(error.text)


for source in SOURCES:
    with open(PATH, "wb") as stream:
        stream.write(source)
    print repr(source)
    show("file", execfile, PATH, {})
    show("import", imp.load_source, "source", PATH)
    for mode in ["exec", "eval", "single"]:
        show(mode, compile, source, "source", mode)
for name in os.listdir(FOLDER):
    os.unlink(os.path.join(FOLDER, name))
os.rmdir(FOLDER)

sys.stderr = sys.stdout
for text in ["abc\n", "abc", " abc\n", "a\nb\nc\n", "a\n\n", "\n", "", "\ta\n b\n", "ab\ncd", "\n\n", "\x0cab"]:
    for offset in [None, -2, -1, 0, 1, 2, 3, 4, 5, 6, 10]:
        sys.excepthook(SyntaxError, SyntaxError("message", ("file", 1, offset, text)), None)
