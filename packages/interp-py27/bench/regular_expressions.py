# Regular expressions: searching, groups, substitution by function, splitting, and matches that go back.
import re

from harness import run

WORDS = 'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau'.split()


def log_lines(count):
    lines = []
    for n in xrange(count):
        lines.append('%d.%d.%d.%d - - [%02d/Nov/2010:12:%02d:%02d] "GET /%s/%s.html?id=%d HTTP/1.1" %d %d' % (
            n % 256, n * 7 % 256, n * 13 % 256, n % 32, n % 28 + 1, n % 60, n * 3 % 60, WORDS[n % len(WORDS)],
            WORDS[n * 5 % len(WORDS)], n, (200, 304, 404)[n % 3], n * 37 % 10000))
    return lines


LINE = re.compile(r'(\d+\.\d+\.\d+\.\d+) - - \[([^]]+)\] "(\w+) (/[^ ?"]*)(?:\?id=(\d+))? [^"]*" (\d{3}) (\d+)$')
TOKEN = re.compile(r'\s*(?:(\d+\.?\d*)|([A-Za-z_]\w*)|(==|<=|>=|[-+*/=<>()]))')
PALINDROME = re.compile(r'\b(\w)(\w)\w?\2\1\b', re.IGNORECASE)


def scan(text):
    position = 0
    counts = [0, 0, 0]
    while position < len(text):
        match = TOKEN.match(text, position)
        counts[match.lastindex - 1] += 1
        position = match.end()
    return counts


def iteration():
    size = 0
    status = {}
    for line in log_lines(12000):
        match = LINE.match(line)
        size += int(match.group(7))
        key = match.group(6), match.group(4).split('/')[1]
        status[key] = status.get(key, 0) + 1
    text = ' '.join(WORDS * 40)
    shouted = re.sub(r'\b([aeiou])(\w+)', lambda match: match.group(2) + match.group(1).upper(), text)
    pieces = re.split(r'[aeiou]+', text)
    tokens = scan('x1 = (alpha + 3.25) * beta <= gamma / 2 - delta4 == 17 ' * 1000 + 'end')
    found = PALINDROME.findall('level Anna noon kayak deed abcd ' * 200)
    slow = len([word for word in WORDS * 30 if re.search(r'(?:[a-z]+[a-z]*)*[mpt]a$', word)])
    return size, len(status), len(shouted), len(pieces), tokens, len(found), slow


if __name__ == '__main__':
    run(iteration)
