"""_locale in the C locale."""
import _locale

print _locale.setlocale(_locale.LC_ALL, 'C')
conventions = _locale.localeconv()
for name in sorted(conventions):
    print name, repr(conventions[name])
for name in sorted(dir(_locale)):
    if name.isupper():
        print name, getattr(_locale, name)
        if not name.startswith('LC_') and name not in ('CHAR_MAX', 'CODESET'):
            print repr(_locale.nl_langinfo(getattr(_locale, name)))
print _locale.strcoll('a', 'b') < 0, _locale.strcoll('b', 'a') > 0, _locale.strcoll('a', 'a'), _locale.strxfrm('abc')
print _locale.strcoll(u'a', u'b') < 0
for bad in (lambda: _locale.setlocale(_locale.LC_ALL, 'xx_YY'), lambda: _locale.nl_langinfo(12345678)):
    try:
        bad()
    except (_locale.Error, ValueError), e:
        print type(e).__module__, type(e).__name__, e
