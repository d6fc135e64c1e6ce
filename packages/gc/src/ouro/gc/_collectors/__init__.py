"""The collectors: RPython classes over addresses and the type table.

A collector is one prebuilt instance outside of its own heap (`_alloc_flavor_ = "raw"`); translated with a
program it is static data of the executable. On the host the same code works on native memory, which is how it
is tested. All of it is RPython.
"""
