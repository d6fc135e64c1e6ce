"""``_socket``: what the library's ``socket`` is built on."""
