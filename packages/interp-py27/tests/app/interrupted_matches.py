"""A match that would go on for ages is ended by what the handler of a signal raises."""

import re
import signal


class Alarm(Exception): pass


def handler(number, frame):
    raise Alarm(number == signal.SIGALRM)


signal.signal(signal.SIGALRM, handler)
pattern = re.compile("(a*)*b")
for search in [pattern.match, pattern.search, pattern.findall, lambda text: pattern.sub("x", text)]:
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        print search("a" * 60)
    except Alarm as error:
        print error
print pattern.match("aab").span()
