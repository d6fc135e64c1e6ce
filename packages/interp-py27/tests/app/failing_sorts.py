"""Lists that cannot be sorted: what is done when a comparison raises stays done."""

def failing(items, reverse=False):
    try:
        items.sort(reverse=reverse)
    except TypeError as error:
        print error, items
failing([3, 1, 2, 1j])
failing([3, 1, 2, 1j], True)
failing([5, "a", 2j, 1, 0])
failing([1j, 5, 4, 3], True)
failing(["b", "a", 1j, 3])
