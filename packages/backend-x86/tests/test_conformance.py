"""The conformance suite of backends."""

import platform

import pytest
from ouro.backend_x86.testing import NativeHost
from ouro.jitcore.backend.conformance import CLASS_RANGES, Runner, all_cases

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="runs x86-64 code in this process")


@pytest.mark.parametrize("case", all_cases(), ids=repr)
def test_conformance(case):
    Runner(NativeHost(CLASS_RANGES)).run(case)
