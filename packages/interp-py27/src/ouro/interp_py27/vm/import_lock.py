"""The lock that lets one thread at a time import; the thread that holds it may take it again."""

from ouro.rlib import rthread

NOBODY = -1


class ImportLock:
    """`lock` is made when a second thread first wants to import."""

    def __init__(self):
        self.owner = NOBODY
        self.depth = 0
        self.lock = None

    def acquire(self):
        me = rthread.get_ident()
        if self.owner != me:
            self.wait_for_lock()
            self.owner = me
        self.depth += 1

    def wait_for_lock(self):
        lock = self.lock
        if lock is None:
            lock = self.lock = rthread.allocate_lock()
        lock.acquire(True)

    def release(self):
        """False if the running thread does not hold the lock."""
        if self.owner != rthread.get_ident():
            return False
        self.depth -= 1
        if self.depth == 0:
            self.owner = NOBODY
            self.lock.release()
        return True

    def is_held(self):
        return self.owner != NOBODY

    def after_fork(self):
        """In the child only the thread that forked lives: a lock that another one held is nobody's."""
        if self.owner != NOBODY and self.owner != rthread.get_ident():
            self.owner = NOBODY
            self.depth = 0
            self.lock = None


import_lock = ImportLock()
