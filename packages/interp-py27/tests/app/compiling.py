"""Sources with encodings, mappings as locals, and the exception being handled."""


def t(s):
    try: compile(s, 'tmp', 'exec')
    except Exception as e: print type(e), e.args
t('# -*- coding: badencoding -*-\npass\n')
t('# -*- coding: utf-8 -*-\nx="\xff"\n')
t('# -*- coding: ascii -*-\nx="\xff"\n')
t('# -*- coding: latin-1 -*-\nx="\xff"\n')
t('# -*- coding: hex -*-\nx="\xff"\n')
t(u'# -*- coding: latin-1 -*-\nx="\xff"\n')
t('\n\nx="\xff"\n')
class A: pass
class B:
    def __getitem__(self, k): return 5
for m in A(), B(), 5, [1], {}, 'a':
    try: exec 'z = a' in {'a': 1}, m
    except Exception as e: print type(e), e
    try: print eval('a', {'a': 1}, m)
    except Exception as e: print type(e), e
import sys
try: 1/0
except: print sys.exc_type, sys.exc_value, sys.exc_traceback.tb_lineno
