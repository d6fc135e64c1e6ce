"""The blank that ``print x,`` owes is written before the prompt of raw_input."""

import cStringIO
import StringIO
import sys

sys.stdin = cStringIO.StringIO("hello\n2 + 3\nno prompt\nlast\nend\n")
print "a",
text = raw_input("b")
print text
print "a",
number = input("c")
print number
print "a",
print raw_input()
print raw_input("d")
sys.stdout = out = StringIO.StringIO()
print "x",
print raw_input("y")
sys.stdout = sys.__stdout__
print repr(out.getvalue())
