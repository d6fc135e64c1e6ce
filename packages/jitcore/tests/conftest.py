"""What all tests of the package share."""

from hypothesis import settings

# a machine that is busy with something else must not fail a test
settings.register_profile("untimed", parent=settings.default, deadline=None)
settings.load_profile("untimed")
