"""``itertools``: each function a type of iterators, grouped by what they do."""

from ouro.interp_py27.modules.itertools.combinatorics import (
    W_Combinations,
    W_CombinationsWithReplacement,
    W_Permutations,
    W_Product,
)
from ouro.interp_py27.modules.itertools.endless import W_Count, W_Cycle, W_Repeat
from ouro.interp_py27.modules.itertools.grouping import W_GroupBy, tee
from ouro.interp_py27.modules.itertools.joining import W_Chain, W_Map, W_StarMap, W_Zip, W_ZipLongest
from ouro.interp_py27.modules.itertools.selecting import (
    W_Compress,
    W_DropWhile,
    W_Filter,
    W_FilterFalse,
    W_ISlice,
    W_TakeWhile,
)
from ouro.interp_py27.objects.module_object import define_module

DOC = """Functional tools for creating and using iterators.

Infinite iterators:
count([n]) --> n, n+1, n+2, ...
cycle(p) --> p0, p1, ... plast, p0, p1, ...
repeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times

Iterators terminating on the shortest input sequence:
chain(p, q, ...) --> p0, p1, ... plast, q0, q1, ... 
compress(data, selectors) --> (d[0] if s[0]), (d[1] if s[1]), ...
dropwhile(pred, seq) --> seq[n], seq[n+1], starting when pred fails
groupby(iterable[, keyfunc]) --> sub-iterators grouped by value of keyfunc(v)
ifilter(pred, seq) --> elements of seq where pred(elem) is True
ifilterfalse(pred, seq) --> elements of seq where pred(elem) is False
islice(seq, [start,] stop [, step]) --> elements from
       seq[start:stop:step]
imap(fun, p, q, ...) --> fun(p0, q0), fun(p1, q1), ...
starmap(fun, seq) --> fun(*seq[0]), fun(*seq[1]), ...
tee(it, n=2) --> (it1, it2 , ... itn) splits one iterator into n
takewhile(pred, seq) --> seq[0], seq[1], until pred fails
izip(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ... 
izip_longest(p, q, ...) --> (p[0], q[0]), (p[1], q[1]), ... 

Combinatoric generators:
product(p, q, ... [repeat=1]) --> cartesian product
permutations(p[, r])
combinations(p, r)
combinations_with_replacement(p, r)
"""  # noqa: W291 - as CPython has it

_TYPES = [
    W_Chain, W_Combinations, W_CombinationsWithReplacement, W_Compress, W_Count, W_Cycle, W_DropWhile, W_Filter,
    W_FilterFalse, W_GroupBy, W_ISlice, W_Map, W_Permutations, W_Product, W_Repeat, W_StarMap, W_TakeWhile, W_Zip,
    W_ZipLongest,
]  # fmt: skip

define_module("itertools", dict({cls.typedef.name: cls for cls in _TYPES}, tee=tee), doc=DOC)
