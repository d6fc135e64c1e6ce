"""``_sre.SRE_Pattern`` and ``_sre.SRE_Scanner``: compiled patterns, and walks through a subject."""

import sys

from ouro.interp_py27.modules._sre.match import W_Match
from ouro.interp_py27.modules._sre.subject import make_subject
from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.iteration import W_CallableIterator
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.objects.str_object import W_Str
from ouro.interp_py27.vm.errors import type_error
from ouro.interp_py27.vm.gateway import renamed_keyword, unwrap_spec
from ouro.interp_py27.vm.typedef import Member, define_type
from ouro.rlib.rstring import StringBuilder


class W_Pattern(W_Root):
    """A compiled pattern: the engine's `pattern` and what ``sre_compile`` gave along with the code."""

    _attrs_ = ("w_source", "pattern", "w_groupindex", "w_indexgroup", "lifeline")
    _immutable_fields_ = ["w_source", "pattern", "w_groupindex", "w_indexgroup"]
    lifeline = None

    def __init__(self, w_source, pattern, w_groupindex, w_indexgroup):
        self.w_source = w_source
        self.pattern = pattern
        self.w_groupindex = w_groupindex
        self.w_indexgroup = w_indexgroup

    def getweakref(self):
        return self.lifeline

    def setweakref(self, lifeline):
        self.lifeline = lifeline

    def delweakref(self):
        self.lifeline = None


class Walk:
    """The matches of a pattern in one subject, one after the other.

    `position` is where to look next; after a match, `start` and `end` are its place.
    """

    def __init__(self, w_pattern, w_string, pos, endpos):
        subject = make_subject(w_string)
        length = subject.length
        pos = min(max(pos, 0), length)
        endpos = min(max(endpos, 0), length)
        self.w_pattern = w_pattern
        self.subject = subject
        self.pos = pos
        self.endpos = endpos
        self.matcher = subject.matcher(w_pattern.pattern, endpos)
        self.position = subject.position(pos)
        self.start = 0
        self.end = 0
        self.is_matcher_new = True

    def _renew_matcher(self):
        if self.is_matcher_new:
            self.is_matcher_new = False
        else:
            self.matcher.reset()

    def match(self):
        """Whether the pattern matches at the position."""
        matcher = self.matcher
        if self.position > matcher.end:
            return False
        self._renew_matcher()
        if not matcher.match(self.position):
            return False
        self.start = self.position
        self.end = matcher.position
        return True

    def search(self):
        """Whether the pattern matches at the position or behind it."""
        matcher = self.matcher
        if self.position > matcher.end:
            return False
        self._renew_matcher()
        start = matcher.search(self.position)
        if start < 0:
            return False
        self.start = start
        self.end = matcher.position
        return True

    def skip_one(self):
        """Look on one character further."""
        self.position = self.subject.following(self.position)

    def go_on(self):
        """Look behind the match next, one character further if it is empty."""
        self.position = self.end
        if self.end == self.start:
            self.skip_one()

    def next_match(self):
        """The next match object; None, from now on, where there is none."""
        if not self.search():
            self.position = self.matcher.end + 1
            return None
        w_match = self.result()
        self.go_on()
        return w_match

    def result(self):
        """The match object."""
        return W_Match(self.w_pattern, self.subject, self.matcher, self.start, self.pos, self.endpos)

    def group(self, number, w_default):
        """The text of a group of the match, or `w_default`."""
        marks = self.matcher.marks
        start = marks[2 * number - 2]
        end = marks[2 * number - 1]
        if start < 0 or end < 0:
            return w_default
        return self.subject.slice(start, end)


class W_Scanner(W_Root):
    """A walk that the application makes step by step."""

    _attrs_ = ("walk",)
    _immutable_fields_ = ["walk"]

    def __init__(self, walk):
        self.walk = walk


def scanner_match(self):
    walk = self.walk
    if not walk.match():
        walk.skip_one()
        return None
    w_match = walk.result()
    walk.go_on()
    return w_match


def scanner_search(self):
    return self.walk.next_match()


def get_scanner_pattern(self):
    return self.walk.w_pattern


class W_MatchIterator(W_CallableIterator):
    """What ``finditer`` gives: to the application, an iterator that calls ``search`` until it gives None."""

    _attrs_ = ("walk",)

    def __init__(self, walk):
        W_CallableIterator.__init__(self, space.w_None, space.w_None)
        self.walk = walk

    def iter_next(self):
        return self.walk.next_match()


@unwrap_spec(pos=int, endpos=int)
@renamed_keyword("pattern", "string")
def pattern_match(self, w_string, pos=0, endpos=sys.maxsize):
    """match(string[, pos[, endpos]]) --> match object or None.
    Matches zero or more characters at the beginning of the string"""
    walk = Walk(self, w_string, pos, endpos)
    if not walk.match():
        return None
    return walk.result()


@unwrap_spec(pos=int, endpos=int)
@renamed_keyword("pattern", "string")
def pattern_search(self, w_string, pos=0, endpos=sys.maxsize):
    """search(string[, pos[, endpos]]) --> match object or None.
    Scan through string looking for a match, and return a corresponding
    match object instance. Return None if no position in the string matches."""
    walk = Walk(self, w_string, pos, endpos)
    if not walk.search():
        return None
    return walk.result()


@unwrap_spec(pos=int, endpos=int)
@renamed_keyword("source", "string")
def pattern_findall(self, w_string, pos=0, endpos=sys.maxsize):
    """findall(string[, pos[, endpos]]) --> list.
   Return a list of all non-overlapping matches of pattern in string."""
    walk = Walk(self, w_string, pos, endpos)
    groups = self.pattern.groups
    found_w = []
    while walk.search():
        if groups == 0:
            w_item = walk.subject.slice(walk.start, walk.end)
        else:
            w_empty = walk.subject.slice(0, 0)
            if groups == 1:
                w_item = walk.group(1, w_empty)
            else:
                w_item = space.newtuple_fixed([walk.group(number + 1, w_empty) for number in range(groups)])
        found_w.append(w_item)
        walk.go_on()
    return space.newlist(found_w)


@unwrap_spec(pos=int, endpos=int)
def pattern_finditer(self, w_string, pos=0, endpos=sys.maxsize):
    """finditer(string[, pos[, endpos]]) --> iterator.
    Return an iterator over all non-overlapping matches for the \n\
    RE pattern in string. For each match, the iterator returns a
    match object."""
    return W_MatchIterator(Walk(self, w_string, pos, endpos))


@unwrap_spec(pos=int, endpos=int)
def pattern_scanner(self, w_string, pos=0, endpos=sys.maxsize):
    return W_Scanner(Walk(self, w_string, pos, endpos))


@unwrap_spec(maxsplit=int)
@renamed_keyword("source", "string")
def pattern_split(self, w_string, maxsplit=0):
    """split(string[, maxsplit = 0])  --> list.
    Split string by the occurrences of pattern."""
    walk = Walk(self, w_string, 0, sys.maxsize)
    subject = walk.subject
    groups = self.pattern.groups
    pieces_w = []
    last = 0
    count = 0
    while (maxsplit == 0 or count < maxsplit) and walk.search():
        if walk.start == walk.end:
            if last == walk.matcher.end:
                break
            walk.go_on()
            continue
        pieces_w.append(subject.slice(last, walk.start))
        for number in range(groups):
            pieces_w.append(walk.group(number + 1, space.w_None))
        count += 1
        last = walk.end
        walk.position = last
    pieces_w.append(subject.slice(last, walk.matcher.end))
    return space.newlist(pieces_w)


@unwrap_spec(count=int)
def pattern_sub(self, w_repl, w_string, count=0):
    """sub(repl, string[, count = 0]) --> newstring
    Return the string obtained by replacing the leftmost non-overlapping
    occurrences of pattern in string by the replacement repl."""
    w_result, _ = substitute(self, w_repl, w_string, count)
    return w_result


@unwrap_spec(count=int)
def pattern_subn(self, w_repl, w_string, count=0):
    """subn(repl, string[, count = 0]) --> (newstring, number of subs)
    Return the tuple (new_string, number_of_subs_made) found by replacing
    the leftmost non-overlapping occurrences of pattern with the
    replacement repl."""
    w_result, made = substitute(self, w_repl, w_string, count)
    return space.newtuple_2(w_result, space.newint(made))


def is_literal(w_replacement):
    """Whether the replacement is text without escapes."""
    if space.is_str(w_replacement):
        return "\\" not in space.bytes_w(w_replacement)
    if space.is_unicode(w_replacement):
        return "\\" not in space.utf8_w(w_replacement)
    return space.has_buffer(w_replacement) and "\\" not in space.buffer_str_w(w_replacement)


def substitute(w_pattern, w_replacement, w_string, maximum):
    """The subject with matches replaced, at most `maximum` (0: all) of them, and how many were."""
    is_called = space.is_callable(w_replacement)
    if not is_called and not is_literal(w_replacement):
        w_subx = space.getattr_str(space.import_module("re"), "_subx")
        w_replacement = w_subx.call_2(w_pattern, w_replacement)
        is_called = space.is_callable(w_replacement)
    walk = Walk(w_pattern, w_string, 0, sys.maxsize)
    subject = walk.subject
    pieces_w = []
    last = 0
    made = 0
    while (maximum == 0 or made < maximum) and walk.search():
        start = walk.start
        end = walk.end
        if last < start:
            pieces_w.append(subject.slice(last, start))
        elif start == end and last == start and made > 0:
            walk.go_on()
            continue
        w_piece = w_replacement
        if is_called:
            w_piece = w_replacement.call_1(walk.result())
        if not space.is_none(w_piece):
            pieces_w.append(w_piece)
        made += 1
        last = end
        walk.go_on()
    if last < walk.matcher.end:
        pieces_w.append(subject.slice(last, walk.matcher.end))
    w_empty = subject.slice(0, 0)
    if len(pieces_w) == 0:
        return w_empty, made
    return joined(w_empty, pieces_w), made


def joined(w_empty, pieces_w):
    """What ``w_empty.join(pieces)`` gives."""
    size = 0
    for w_piece in pieces_w:
        if not isinstance(w_piece, W_Str):
            return space.getattr_str(w_empty, "join").call_1(space.newlist(pieces_w))
        size += len(w_piece.value)
    if not isinstance(w_empty, W_Str):
        return space.getattr_str(w_empty, "join").call_1(space.newlist(pieces_w))
    if len(pieces_w) == 1:
        return pieces_w[0]
    builder = StringBuilder(size)
    for w_piece in pieces_w:
        assert isinstance(w_piece, W_Str)
        builder.append(w_piece.value)
    return W_Str(builder.build())


def pattern_copy(self):
    raise type_error("cannot copy this pattern object")


def pattern_deepcopy(self, w_memo):
    raise type_error("cannot deepcopy this pattern object")


def get_flags(self):
    return space.newint(self.pattern.flags)


def get_groups(self):
    return space.newint(self.pattern.groups)


define_type(W_Pattern, "SRE_Pattern", {
    "__doc__": "Compiled regular expression objects",
    "__weakref__": None,
    "match": pattern_match,
    "search": pattern_search,
    "sub": pattern_sub,
    "subn": pattern_subn,
    "split": pattern_split,
    "findall": pattern_findall,
    "finditer": pattern_finditer,
    "scanner": pattern_scanner,
    "__copy__": pattern_copy,
    "__deepcopy__": pattern_deepcopy,
    "pattern": Member("w_source"),
    "flags": Member(getter=get_flags),
    "groups": Member(getter=get_groups),
    "groupindex": Member("w_groupindex"),
}, module="_sre", acceptable_as_base=False)

define_type(W_Scanner, "SRE_Scanner", {
    "match": scanner_match,
    "search": scanner_search,
    "pattern": Member(getter=get_scanner_pattern),
}, module="_sre", acceptable_as_base=False)
