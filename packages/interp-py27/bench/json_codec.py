# JSON: the library's encoder and decoder over nested lists, dicts, strings and numbers.
import json

from harness import run


def record(n):
    return {
        'id': n,
        'name': u'person \u00e9 %d' % n,
        'tags': ['tag%d' % (n % k) for k in range(2, 7)],
        'position': {'x': n / 3.0, 'y': -n * 1.5e10, 'ok': n % 2 == 0, 'nothing': None},
        'text': 'line one\nline "two"\t%s' % ('x' * (n % 50)),
    }


def iteration():
    records = [record(n) for n in xrange(4000)]
    total = 0
    for _ in xrange(6):
        text = json.dumps(records)
        total += len(text)
        again = json.loads(text)
        total += len(again) + again[-1]['id']
    total += len(json.dumps(records[:60], indent=2, sort_keys=True))
    return total


if __name__ == '__main__':
    run(iteration)
