"""The pages of the guide about the JIT show what their commands print."""

import pytest
from documents import ROOT, run_page


@pytest.mark.parametrize("name", ["seeing-a-trace", "jit-hints"])
def test_the_commands_of_a_page_print_what_it_shows(name):
    page = ROOT / "docs" / "guide" / f"{name}.md"
    bless = f"see whether it is right, then: python tests/documents.py --bless {page}"
    assert run_page(page) == page.read_text(), bless
