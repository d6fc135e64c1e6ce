# Long texts grown by +=, with looks at the results in between, and several texts that grow from one.
def grow(n):
    text = ''
    for i in range(n):
        text += chr(97 + i % 26)
    return text

text = grow(1000)
print len(text), text[:30], text[-5:], hash(text) == hash(grow(1000))
base = grow(300)
first = base + 'x'
second = base + 'y'
third = first + 'z'
print len(first), len(second), len(third), first[-2:], second[-2:], third[-3:]
again = third
again += 'w' * 10
other = third + 'v'
print again[300:], other[300:], third[300:], first == base + 'x', first == second
print first is first, (base + '') == base, base in first, first.startswith(base)
seen = []
text = base
for i in range(5):
    text += str(i)
    if i % 2:
        seen.append(len(text.strip()))
    seen.append(text)
print [t if isinstance(t, int) else t[298:] for t in seen]
d = {base + 'k': 1}
print d[grow(300) + 'k'], (base + 'k') in d
class S(str):
    pass
s = S(base)
t = s + 'q'
print type(t), len(t), t[-1], type(s + s)
text = base
text += text
text += text
print len(text), text.count('abc')
print (base + u'u')[-2:], type(base + u'u')
try:
    base + 1
except TypeError as error:
    print error
