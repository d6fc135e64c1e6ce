"""The module ``_io``."""

from ouro.interp_py27.modules._io.base import (
    DEFAULT_BUFFER_SIZE,
    W_BufferedIOBase,
    W_IOBase,
    W_RawIOBase,
    W_TextIOBase,
)
from ouro.interp_py27.modules._io.buffered import W_BufferedRandom, W_BufferedReader, W_BufferedWriter
from ouro.interp_py27.modules._io.buffered_pair import W_BufferedRWPair
from ouro.interp_py27.modules._io.bytesio import W_BytesIO
from ouro.interp_py27.modules._io.errors import W_BlockingIOError, w_UnsupportedOperation
from ouro.interp_py27.modules._io.fileio import W_FileIO
from ouro.interp_py27.modules._io.newlines import W_IncrementalNewlineDecoder
from ouro.interp_py27.modules._io.opening import io_open
from ouro.interp_py27.modules._io.stringio import W_StringIO
from ouro.interp_py27.modules._io.text import W_TextIOWrapper
from ouro.interp_py27.objects.module_object import define_module

define_module("_io", {
    "DEFAULT_BUFFER_SIZE": DEFAULT_BUFFER_SIZE,
    "BlockingIOError": W_BlockingIOError,
    "UnsupportedOperation": w_UnsupportedOperation,
    "_IOBase": W_IOBase,
    "_RawIOBase": W_RawIOBase,
    "_BufferedIOBase": W_BufferedIOBase,
    "_TextIOBase": W_TextIOBase,
    "FileIO": W_FileIO,
    "BytesIO": W_BytesIO,
    "BufferedReader": W_BufferedReader,
    "BufferedWriter": W_BufferedWriter,
    "BufferedRandom": W_BufferedRandom,
    "BufferedRWPair": W_BufferedRWPair,
    "IncrementalNewlineDecoder": W_IncrementalNewlineDecoder,
    "TextIOWrapper": W_TextIOWrapper,
    "StringIO": W_StringIO,
    "open": io_open,
}, doc="""\
The io module provides the Python interfaces to stream handling. The
builtin open function is defined in this module.

At the top of the I/O hierarchy is the abstract base class IOBase. It
defines the basic interface to a stream. Note, however, that there is no
separation between reading and writing to streams; implementations are
allowed to raise an IOError if they do not support a given operation.""")
