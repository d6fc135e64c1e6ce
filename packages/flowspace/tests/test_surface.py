"""The public names, pinned: what is added or taken away here is a change for users."""

import ouro.flowspace


def test_public_names():
    assert sorted(ouro.flowspace.__all__) == sorted(
        """
        LAST_EXCEPTION OPERATIONS Block CallShape Constant FlowInterpreter FlowSpaceError FlowTextError
        FunctionGraph Link Operation OperationSpec Position Signature StepLimitExceeded Unbound Value Variable
        VerificationError build_flow deep_host_stack graph_to_dot graphs_to_html parse_graph print_graph source_excerpt
        verify
        """.split()
    )
