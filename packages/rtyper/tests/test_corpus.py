"""The programs of the repository's corpus do in typed form what they do on plain Python."""

from __future__ import annotations

from typing import Any

import pytest
from program_corpus import samples
from rtyper_support import agrees


def _functions() -> list[Any]:
    calls: dict[Any, list[Any]] = {}
    for sample in samples():
        calls.setdefault((sample.program, sample.function), []).append(sample.arguments)
    return [
        pytest.param(function, arguments, id=f"{program}.{function.__name__}")
        for (program, function), arguments in calls.items()
    ]


@pytest.mark.parametrize("function, calls", _functions())
def test_a_corpus_program_does_what_the_host_does(function: Any, calls: Any) -> None:
    agrees(function, *calls)
