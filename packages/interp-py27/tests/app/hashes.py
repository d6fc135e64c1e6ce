import _md5, _sha, _sha256, _sha512

MAKERS = [_md5.new, _sha.new, _sha256.sha224, _sha256.sha256, _sha512.sha384, _sha512.sha512]

for make in MAKERS:
    h = make()
    print h.name, h.digest_size, h.block_size, h.hexdigest()
    h = make('abc')
    print h.hexdigest(), repr(h.digest())
    copy = h.copy()
    h.update('d' * 200)
    print h.hexdigest(), copy.hexdigest()
    for size in (55, 56, 63, 64, 65, 111, 112, 127, 128, 129):
        print make('x' * size).hexdigest()
    try:
        make(3)
    except TypeError:
        print 'TypeError'

# Hashes of unicode objects go over the code points; those of ASCII are those of the strs.
texts = [u'', u'a', u'abc', u'\xe9', u'\u1234', u'ab\xe9', u'\U00012345x', u'\ud800', u'\x80' * 70, u'\xe9' * 1000]
for text in texts:
    print hash(text), hash(text) == hash(text + u''), hash(text[1:]), hash(text.encode('utf-8'))
print texts[9][500:502] == u'\xe9\xe9', hash(texts[9]), texts[9].index(u'\xe9', 900), hash(texts[9])


class Text(unicode):
    pass


print hash(Text(u'\xe9a')) == hash(u'\xe9a'), {Text(u'\xe9a'): 1}[u'\xe9a'], u'\xe9' in set([u'\xe9'])
print hash((u'\u20ac', 'a')), hash(frozenset([u'\u20ac'])), {u'\u20ac': 1} == {unichr(0x20ac): 1}
