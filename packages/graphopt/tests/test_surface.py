"""The public names, pinned: what is added or taken away here is a change for users."""

import ouro.graphopt


def test_public_names():
    assert sorted(ouro.graphopt.__all__) == sorted(
        """
        CallEffects CallGraph InlineLimits MemoryEffects Optimizer PASSES analyze_effects analyze_memory
        build_call_graph called_external called_graphs choose_exit clean_graph has_loop inline_chosen optimize place_of
        """.split()
    )
