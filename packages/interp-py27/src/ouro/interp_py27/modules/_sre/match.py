"""``_sre.SRE_Match``: where a pattern matched."""

from ouro.interp_py27.objects import space
from ouro.interp_py27.objects.root import W_Root
from ouro.interp_py27.vm.errors import OperationError, index_error, type_error
from ouro.interp_py27.vm.typedef import GetSet, Member, define_type


class W_Match(W_Root):
    """A match of `w_pattern` in `subject`.

    `start`, `end` and `marks` (start and end of each group, -1 where it took no part) are positions of the subject's
    text; `pos` and `endpos` are indices. `last_group` is the group that was closed last, 0 for none.
    """

    _attrs_ = ("w_pattern", "subject", "start", "end", "marks", "last_group", "pos", "endpos")
    _immutable_fields_ = ["w_pattern", "subject", "start", "end", "marks[*]", "last_group", "pos", "endpos"]

    def __init__(self, w_pattern, subject, matcher, start, pos, endpos):
        self.w_pattern = w_pattern
        self.subject = subject
        self.start = start
        self.end = matcher.position
        self.marks = matcher.take_marks()
        self.last_group = matcher.last_group
        self.pos = pos
        self.endpos = endpos

    def group_start(self, group):
        """The position where a group starts, -1 where it took no part."""
        if group == 0:
            return self.start
        return self.marks[2 * group - 2]

    def group_end(self, group):
        if group == 0:
            return self.end
        return self.marks[2 * group - 1]

    def index(self, position):
        """The index of the character at a position; -1 stays."""
        if position < 0:
            return -1
        return self.subject.index_at(position)

    def group(self, group, w_default):
        """The text of a group, `w_default` where it took no part."""
        start = self.group_start(group)
        end = self.group_end(group)
        if start < 0 or end < 0:
            return w_default
        return self.subject.slice(start, end)

    def group_number(self, w_group):
        """The number of a group that is given by number or name; IndexError where there is none."""
        number = -1
        if space.is_int(w_group):
            number = space.int_w(w_group)
        else:
            number = self.number_of_other(w_group)
        if number < 0 or number > len(self.marks) >> 1:
            raise index_error("no such group")
        return number

    def number_of_other(self, w_group):
        try:
            if not space.is_long(w_group):
                w_group = space.getitem(self.w_pattern.w_groupindex, w_group)
                if not (space.is_int(w_group) or space.is_long(w_group)):
                    return -1
            return space.int_w(w_group)
        except OperationError as error:
            if not error.match(space.w_Exception):
                raise
            return -1

    def span(self, group):
        return space.newtuple_2(
            space.newint(self.index(self.group_start(group))), space.newint(self.index(self.group_end(group))))


def match_group(self, args_w):
    """group([group1, ...]) -> str or tuple.
    Return subgroup(s) of the match by indices or names.
    For 0 returns the entire match."""
    if len(args_w) == 0:
        return self.group(0, space.w_None)
    if len(args_w) == 1:
        return self.group(self.group_number(args_w[0]), space.w_None)
    return several_groups(self, args_w)


def several_groups(self, args_w):
    """A tuple of groups. A loop of its own, so that traces look into the function for one group."""
    return space.newtuple_fixed([self.group(self.group_number(w_group), space.w_None) for w_group in args_w])


def match_groups(self, w_default=None):
    """groups([default=None]) -> tuple.
    Return a tuple containing all the subgroups of the match, from 1.
    The default argument is used for groups
    that did not participate in the match"""
    w_default = space.wrap_none(w_default)
    return space.newtuple_fixed([self.group(number + 1, w_default) for number in range(len(self.marks) >> 1)])


def match_groupdict(self, w_default=None):
    """groupdict([default=None]) -> dict.
    Return a dictionary containing all the named subgroups of the match,
    keyed by the subgroup name. The default argument is used for groups
    that did not participate in the match"""
    w_default = space.wrap_none(w_default)
    w_result = space.newdict()
    w_groupindex = self.w_pattern.w_groupindex
    for w_name in space.unpack_list(space.getattr_str(w_groupindex, "keys").call_0()):
        w_result.setitem(w_name, self.group(self.group_number(w_name), w_default))
    return w_result


def _optional_number(self, w_group):
    if w_group is None:
        return 0
    return self.group_number(w_group)


def match_start(self, w_group=None):
    """start([group=0]) -> int.
    Return index of the start of the substring matched by group."""
    return space.newint(self.index(self.group_start(_optional_number(self, w_group))))


def match_end(self, w_group=None):
    """end([group=0]) -> int.
    Return index of the end of the substring matched by group."""
    return space.newint(self.index(self.group_end(_optional_number(self, w_group))))


def match_span(self, w_group=None):
    """span([group]) -> tuple.
    For MatchObject m, return the 2-tuple (m.start(group), m.end(group))."""
    return self.span(_optional_number(self, w_group))


def match_expand(self, w_template):
    """expand(template) -> str.
    Return the string obtained by doing backslash substitution
    on the string template, as done by the sub() method."""
    w_expand = space.getattr_str(space.import_module("re"), "_expand")
    return w_expand.call_3(self.w_pattern, self, w_template)


def match_copy(self):
    raise type_error("cannot copy this match object")


def match_deepcopy(self, w_memo):
    raise type_error("cannot deepcopy this match object")


def get_string(self):
    return self.subject.w_object


def get_pos(self):
    return space.newint(self.pos)


def get_endpos(self):
    return space.newint(self.endpos)


def get_lastindex(self):
    if self.last_group == 0:
        return space.w_None
    return space.newint(self.last_group)


def get_lastgroup(self):
    w_indexgroup = self.w_pattern.w_indexgroup
    if self.last_group == 0 or space.is_none(w_indexgroup):
        return space.w_None
    try:
        return space.getitem(w_indexgroup, space.newint(self.last_group))
    except OperationError as error:
        if not error.match(space.w_Exception):
            raise
        return space.w_None


def get_regs(self):
    return space.newtuple_fixed([self.span(group) for group in range((len(self.marks) >> 1) + 1)])


define_type(W_Match, "SRE_Match", {
    "__doc__": "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    "group": match_group,
    "groups": match_groups,
    "groupdict": match_groupdict,
    "start": match_start,
    "end": match_end,
    "span": match_span,
    "expand": match_expand,
    "__copy__": match_copy,
    "__deepcopy__": match_deepcopy,
    "string": Member(getter=get_string),
    "re": Member("w_pattern"),
    "pos": Member(getter=get_pos),
    "endpos": Member(getter=get_endpos),
    "lastindex": GetSet(get_lastindex),
    "lastgroup": GetSet(get_lastgroup),
    "regs": GetSet(get_regs),
}, module="_sre", acceptable_as_base=False)
