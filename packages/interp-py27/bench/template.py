# A small template engine: compiles templates to closures and renders tables of pages with them.
from cgi import escape

from harness import run

PAGE = '''<html><head><title>{{ title }}</title></head><body>
{% for row in rows %}<tr class="{% if row.odd %}odd{% else %}even{% end %}">
{% for cell in row.cells %}<td>{{ cell }}</td>{% end %}</tr>
{% end %}</body></html>'''


def tokens(source):
    while source:
        start = source.find('{')
        while start >= 0 and source[start:start + 2] not in ('{{', '{%'):
            start = source.find('{', start + 1)
        if start < 0:
            yield 'text', source
            return
        if start:
            yield 'text', source[:start]
        closing = '}}' if source[start + 1] == '{' else '%}'
        end = source.index(closing, start)
        yield ('value' if closing == '}}' else 'block'), source[start + 2:end].strip()
        source = source[end + 2:]


def lookup(path):
    names = path.split('.')

    def find(context):
        value = context[names[0]]
        for name in names[1:]:
            value = value[name]
        return value
    return find


def compiled(stream, ends=()):
    parts = []
    for kind, text in stream:
        if kind == 'text':
            parts.append(lambda context, out, text=text: out.append(text))
        elif kind == 'value':
            parts.append(lambda context, out, find=lookup(text): out.append(escape(str(find(context)))))
        elif text in ends:
            return parts, text
        else:
            words = text.split()
            if words[0] == 'for':
                body, _ = compiled(stream, ('end',))
                parts.append(loop(words[1], lookup(words[3]), body))
            else:
                then, end = compiled(stream, ('else', 'end'))
                other = compiled(stream, ('end',))[0] if end == 'else' else []
                parts.append(choice(lookup(words[1]), then, other))
    return parts, None


def loop(name, find, body):
    def render(context, out):
        for value in find(context):
            context[name] = value
            for part in body:
                part(context, out)
    return render


def choice(find, then, other):
    def render(context, out):
        for part in then if find(context) else other:
            part(context, out)
    return render


def iteration():
    total = 0
    for page in xrange(120):
        parts, _ = compiled(tokens(PAGE))
        rows = [{'odd': i & 1, 'cells': [i * j, '<%d>' % j, i / 4.0, 'x&y', None]} for j in (1, 2) for i in range(150)]
        out = []
        for part in parts:
            part({'title': 'page %d' % page, 'rows': rows}, out)
        total += len(''.join(out))
    return total


if __name__ == '__main__':
    run(iteration)
