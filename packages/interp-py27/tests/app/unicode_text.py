# -*- coding: utf-8 -*-
# Unicode objects: codecs, error handlers, methods.
u = u'h\xe9llo w\xf6rld'
def show(f, *a):
    try: print repr(f(*a))
    except Exception as e: print type(e).__name__, e
for e in ['utf-8','latin-1','utf-16','utf-16-le','utf-32','unicode_escape','raw_unicode_escape','cp1252','utf-7','rot13', 'ascii','koi8-r']:
    show(u.encode, e)
    show(u.encode, e, 'replace')
    show(u.encode, e, 'xmlcharrefreplace')
    show(lambda: u.encode(e).decode(e))
for s in ['\xff','\xe9abc','\xe2\x82','\xe2\x82\xac','\xf0\x90\x80','\xf0\x90\x80\x80','\xed\xa0\x80','\xc0\x80','a\xf4\x90\x80\x80b','\xe0\x80\x80', '\xf0\x80\x80\x80', '\xf4\x8f\xbf\xbf\xf5']:
    for e in ['strict','replace','ignore']:
        show(s.decode, 'utf-8', e)
        show(s.decode, 'utf-16', e)
        show(s.decode, 'utf-32', e)
        show(s.decode, 'utf-7', e)
        show(s.decode, 'ascii', e)
        show(s.decode, 'unicode_escape', e)
for s in ['1_000', '\x00\xdc', '\xdc\x00', '\x00\xd8a\x00', '\xd8\x00\x00a', '+a!', '+AB!', '+AAB!', '+AAB']:
    for e in ['utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le', 'utf-32-be', 'utf-7']:
        show(s.decode, e)
for s in ['\\x4','\\u12','\\U0011','\\N{DIGIT ONE}','\\N{XX}','\\N','\\','\\777','\\q', '\\U00110000', 'a\\u20acb']:
    show(s.decode, 'unicode_escape'); show(s.decode, 'raw_unicode_escape'); show(s.decode, 'string_escape')
    show(s.decode, 'unicode_escape', 'replace')
for m in ['upper','lower','title','swapcase','capitalize','split','rsplit','splitlines','strip','isalpha','isupper','istitle','isalnum','isspace']:
    for x in [u, u'', u'ABC', u'Abc Def', u' \t\u2003x ', u'\u0130\u01c5', u'a\nb\r\nc\u2028d']:
        print m, repr(getattr(x, m)())
print repr(u[1]), repr(u[1:4]), repr(u[::-2]), u.find(u'w'), u.rfind('l'), u.count('l'), repr(u.replace(u'\xe9','E')), repr(u.center(20,u'\xb7')), repr(u'a\tb'.expandtabs()), repr(u.partition(u'\xf6')), u.startswith((u'x',u'h')), u.endswith('d'), u'\xe9' in u, u == 'x', u < 'x', repr(u'-'.join(['a',u'\xe9'])), repr(u.translate({0xe9: None, ord('l'): u'LL'})), hash(u'abc')==hash('abc'), repr(u * 2), u'abc' == 'abc', repr(u.zfill(20)), repr(u'%s|%5.1f' % (u'\xe9', 2.5)), repr(u'{:>4}'.format(u'\xe9')), repr(unicode('abc')), repr(unicode('\xe9','latin-1')), repr(u'x'.replace(u'',u'-')), repr(u'\xe9a'.replace(u'',u'-')), repr(u'a,b,c'.split(u',',1)), repr(u'a b c'.rsplit(None,1))
show(lambda: u + 5); show(lambda: u'a'.index('z')); show(lambda: unicode(u'a','utf8')); show(lambda: 'a'.decode('nope')); show(lambda: u'\xe9' + '\xe9'); show(lambda: '\xe9'.encode('utf8'))
show(lambda: u'a'.encode('utf8','nohandler')); show(lambda: u'\u1234'.encode('ascii','nohandler'))
