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
