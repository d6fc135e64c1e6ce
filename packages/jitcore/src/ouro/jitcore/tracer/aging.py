"""Which code may be given back: what was not entered for long, and invalidated code that no one is in.

Time is the number of traces compiled, so that a program that compiles nothing loses nothing. Code lives as long as
code that jumps to it or calls it: a mark phase over `LoopToken.uses`, from the code that was entered lately or is
running, or that a recording calls: what that runs may compile more than a life of traces before it ends. (PyPy counts
counts generations in the same way and leaves the marking to its collector.)

Where there is no room for more code that time counts too, and lives are short: what was not entered while half as many
traces were compiled, or could not be, as there is code of is given back. Otherwise code that nobody enters would keep
the memory for good, as nothing is compiled any more that would make it old.
"""

from ouro.jitcore.tracer import parameters

#: An age that no code has by itself.
RELEASED = 1 << 40

#: In compilations, where there is no room.
_SHORTEST_LIFE = 3


class Aging:
    """The tokens of one system.

    Args:
        system: the `JitSystem`.
    """

    def __init__(self, system):
        self.system = system
        self.tokens = []
        self.now = 0
        self._is_full = False
        self._next_look = 0

    def compiled(self, token):
        """Code was added to a token."""
        self.now += 1
        token.last_use = self.now
        if not token.is_known:
            token.is_known = True
            self.tokens.append(token)

    def found_no_room(self):
        """There was no room for the code of a trace."""
        self.now += 1
        self._is_full = True

    def entered(self, token):
        """The code of a token is about to run from its beginning."""
        token.last_use = self.now
        token.running += 1

    def left(self, token):
        """It does not run any more."""
        token.running -= 1

    def uses(self, token, other):
        """The code of a token jumps to that of another one, or calls it."""
        if other is not token and other not in token.uses:
            token.uses.append(other)

    def collect(self):
        """Look for old code, but not more often than after an eighth of the shortest life. Call this where no code of
        the JIT is about to be entered.
        """
        if self._is_full:
            self._is_full = False
            self.collect_older_than(_SHORTEST_LIFE + len(self.tokens) // 2)
            return
        if self.now < self._next_look:
            return
        longevity = self._longevity()
        if longevity <= 0:
            return
        self._next_look = self.now + max(1, longevity // 8)
        self.collect_older_than(longevity)

    def release_all(self):
        """Free all code that is not running, and what is not in its turn used by code that is."""
        for token in self.tokens:
            token.last_use = self.now - RELEASED
        self.collect_older_than(RELEASED)

    def _longevity(self):
        longest = 0
        for warm_state in self.system.warm_states:
            longest = max(longest, warm_state.parameters.get(parameters.LOOP_LONGEVITY))
        return longest

    def collect_older_than(self, longevity):
        """Free what was not used during the last `longevity` compilations."""
        alive = {}
        pending = []
        for token in self.tokens:
            if token.running > 0 or (not token.invalidated and self.now - token.last_use < longevity):
                pending.append(token)
        self.system.add_tokens_of_recordings(pending)
        while pending:
            token = pending.pop()
            if token not in alive:
                alive[token] = True
                pending.extend(token.uses)
        kept = []
        freed = []
        for token in self.tokens:
            if token in alive:
                kept.append(token)
            else:
                self._free(token)
                freed.append(token)
        self.tokens = kept
        self.system.dependencies.forget(freed)

    def _free(self, token):
        self.system.warm_states[token.driver].forget_code(token)
        self.system.backend.free(token)
        token.uses = []
        token.is_known = False
        self.system.statistics.freed_loops += 1
