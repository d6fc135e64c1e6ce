import operator


class C(object):
    pass


class Sequence(object):
    def __getitem__(self, index):
        return index


class Added(Sequence):
    def __iadd__(self, other):
        return 'iadd'


class Old:
    pass


class OldSequence:
    def __getitem__(self, index):
        return index


class Sliced(object):
    def __getslice__(self, start, stop):
        return start, stop


class List(list):
    pass


class Dict(dict):
    pass


l = []
c = C()


def show(expression):
    try:
        print expression, '->', repr(eval(expression))
    except Exception as error:
        print expression, '!!', type(error).__name__, error


for line in """\
l.append == l.append
l.append == [].append
hash(l.append)
hash('a'.join)==hash('a'.join)
cmp(l.append,l.append)
operator.add == operator.__add__
operator.__add__.__name__
{}.get == {}.get
(1).__add__ == (1).__add__
(1).__add__ == (1L).__add__
hash(l.__len__)==hash(l.__len__)
hash((1).__add__)==hash((1).__add__)
l.__len__ == l.__len__
l.__len__ == [].__len__
C == C
C != int
sorted([int,str,float])==sorted([float,str,int])
(int < str) != (str < int)
int <= int
type.__cmp__
cmp(int,int)
operator.attrgetter(2)(3)
operator.attrgetter()
operator.attrgetter('x.y')(3)
operator.attrgetter('')(3)
operator.attrgetter(u'real')(3)
operator.attrgetter(u'\\\\xe9')(3)
operator.attrgetter(a=2)
operator.attrgetter('real')(3,4)
operator.attrgetter('real')()
operator.attrgetter('real')(x=3)
operator.itemgetter()
operator.itemgetter(1)()
operator.itemgetter(1)('ab')
operator.itemgetter(1,0)('ab')
operator.itemgetter(1)(5)
operator.itemgetter(a=1)
operator.methodcaller()
operator.methodcaller(1)('a')
operator.methodcaller('upper')('a')
operator.methodcaller('replace','a','b')('a')
operator.methodcaller('encode',encoding='ascii')('a')
operator.methodcaller('upper')()
operator.methodcaller('upper')(1,2)
operator.getslice([1,2,3],None,None)
operator.getslice([1,2,3],0,1.5)
operator.getslice([1,2,3],0,2)
operator.getslice([1,2,3],0,2L)
operator.getslice(5,0,2)
operator.setslice([1],0,1,2)
operator.delslice([1],0,None)
operator.delslice(3,0,1)
operator.repeat([1],2)
operator.repeat([1],'a')
operator.repeat(1,2)
operator.concat(1,2)
operator.concat([1],(2,))
operator.concat('a',[1])
operator.iconcat([1],(2,))
operator.iconcat(1,2)
operator.indexOf([1],2)
operator.indexOf(1,2)
operator.countOf(1,2)
operator.countOf([1,1],1)
operator.sequenceIncludes([1],1)
operator.contains(1,1)
operator.isMappingType(1)
operator.isMappingType([])
operator.isMappingType({})
operator.isMappingType('a')
operator.isSequenceType(1)
operator.isSequenceType([])
operator.isSequenceType({})
operator.isNumberType(1)
operator.isNumberType('a')
operator.isNumberType(1j)
operator.isCallable(1)
operator.index(1.0)
operator.index(True)
operator.not_(1)
operator.truth()
operator.neg()
operator.neg('a')
operator.is_(1,1)
operator.pow(2,3)
operator.pow(2)
operator.ipow(2,3)
operator.delitem({},1)
operator._compare_digest('a','a')
operator._compare_digest(u'a',u'a')
operator._compare_digest(u'a','a')
operator._compare_digest(1,'a')
operator._compare_digest(u'\\\\xe9',u'\\\\xe9')
operator.add.__doc__
operator.lt.__doc__
operator.__doc__
operator.itemgetter.__doc__
operator.attrgetter.__doc__
operator.methodcaller.__doc__
""".splitlines():
    show(line)

for value in [1, [], (), '', u'', {}, Old(), OldSequence(), Sequence(), Added(), Sliced(), List(), Dict(), xrange(3), set(),
              bytearray(), slice(1), int.__dict__, __import__('_collections').deque()]:
    print type(value), operator.isMappingType(value), operator.isSequenceType(value), operator.isNumberType(value)

for line in """\
operator.concat(List(), [1])
operator.concat([1], Sequence())
operator.concat(Sequence(), [1])
operator.concat({}, {})
operator.iconcat(Added(), Added())
operator.getslice(Sliced(), 1, 2)
operator.repeat({}, 2)
operator.repeat(Sequence(), 2)
operator.repeat([1], 1.5)
operator.irepeat([1], 'a')
operator.irepeat(1, 2)
operator.concat(Sliced(), Sliced())
operator.concat(Old(), Old())
operator._compare_digest('a', bytearray('a'))
operator._compare_digest('a', u'a')
""".splitlines():
    show(line)
