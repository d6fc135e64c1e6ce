"""``_io``: the streams behind the module ``io``.

The pieces, from the bottom: `base` (the abstract classes), `fileio` (descriptors), `bytesio`, `buffered` and
`buffered_pair` (buffers over raw streams), `newlines` and `text` (text over buffers), `stringio`, `opening` (``open``).
"""
