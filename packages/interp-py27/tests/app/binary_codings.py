"""binascii."""
import binascii as b
def t(f,*a):
    try: print f.__name__, a, repr(f(*a))
    except Exception, e: print type(e).__name__, type(e).__module__, e
for s in ['', 'a', 'ab', 'abc', '\x00\xff'*10, 'x'*45]:
    t(b.b2a_uu, s); t(b.b2a_base64, s); t(b.hexlify, s); t(b.crc32, s); t(b.crc_hqx, s, 7); t(b.rlecode_hqx, s); t(b.b2a_hqx, s); t(b.b2a_qp, s)
t(b.b2a_uu,'x'*46); t(b.a2b_uu,'#86)C'); t(b.a2b_uu,'#86)C\n'); t(b.a2b_uu,'#86)C   \n'); t(b.a2b_uu,'#86)C a\n'); t(b.a2b_uu,'#86'); t(b.a2b_uu,'');t(b.a2b_uu,'#\x7f)C'); t(b.a2b_uu,'!')
for s in ['YQ==','YWI=','YWJj','Y W\nJj','Y','YQ','YQ=','====','YQ==YQ==','Y=Q=','YWI=YWJj','!YWJj', 'YWJj=']: t(b.a2b_base64,s)
t(b.unhexlify,'616'); t(b.unhexlify,'61zz'); t(b.unhexlify,'6162'); t(b.a2b_hex, 'FfaA'); t(b.b2a_hex,'\x01')
t(b.crc32,'abc',5); t(b.crc32,'abc',-1); t(b.crc32,'abc',2**40)
for s in ['a=20b','a=3D=\nb','=','=4','=zz', '=\r\nx','a_b', '==', 'a=\n']: t(b.a2b_qp,s); t(b.a2b_qp,s,True)
for s in ['a b \n', 'a \t', '.', '\n.\n', 'a=b', '\xe9', 'x'*80, 'a_b c', '\r\nx', 'a\r\n \r\n', '\x00', ' x', 'x'*75+'=', 'x\n.\ny']:
    for a in [(), (True,), (False,False), (False,True,True), (True,False,True)]: t(b.b2a_qp, s, *a)
for s in ['', ':', '!!!!:', '!!!!', 'abcd:', '"8J":', '\x00', 'a\nb:']: t(b.a2b_hqx,s)
for s in ['', 'a\x90\x00', '\x90', 'a\x90', 'a\x90\x05b', '\x90\x05', 'aaaaaa']: t(b.rledecode_hqx,s); t(b.rlecode_hqx, s)
t(b.rlecode_hqx,'a'*600)
t(b.b2a_hqx,'abcdefg')
