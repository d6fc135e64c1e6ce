"""Python functions to SSA flow graphs."""
