"""The API page names the public modules, and every module what it has."""

import importlib
import pkgutil

import ouro.rlib
import pytest

MODULES = [name for name in ouro.rlib.__all__ if name != "PRIMITIVES"]


def test_the_api_page_lists_every_public_module():
    found = [module.name for module in pkgutil.iter_modules(ouro.rlib.__path__) if not module.name.startswith("_")]
    assert sorted(found) == sorted(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_what_it_names_and_names_what_it_documents(name):
    module = importlib.import_module("ouro.rlib." + name)
    assert module.__doc__
    missing = [public for public in module.__all__ if not hasattr(module, public)]
    assert not missing


def test_primitives_are_documented():
    for name in MODULES:
        importlib.import_module("ouro.rlib." + name)
    for name, function in ouro.rlib.PRIMITIVES.items():
        assert function.__doc__, name
