# Text building: join, formatting, splitting, replacing, character loops.
from harness import run


def table(rows):
    lines = []
    for i in xrange(rows):
        lines.append('%05d %-10s|%8.3f|%s' % (i, 'row' + str(i % 97), i / 7.0, hex(i)))
    return '\n'.join(lines)


def parse(text):
    total = 0
    words = {}
    for line in text.split('\n'):
        fields = line.split('|')
        total += float(fields[1])
        word = fields[0][6:].strip().upper()
        words[word] = words.get(word, 0) + 1
    return total, len(words)


def rotated(text):
    out = []
    for c in text:
        if 'a' <= c <= 'z':
            c = chr((ord(c) - 97 + 13) % 26 + 97)
        out.append(c)
    return ''.join(out)


def reversed_words(text):
    result = ''
    for word in text.replace('|', ' ').split():
        result += word[::-1] + ' '
    return result


def iteration():
    check = 0
    for _ in xrange(30):
        text = table(2000)
        total, words = parse(text)
        check += words + int(total) + len(rotated(text)) + reversed_words(text).count('wor')
    return check


if __name__ == '__main__':
    run(iteration)
