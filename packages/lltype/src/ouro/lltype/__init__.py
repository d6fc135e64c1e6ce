"""Low-level types and memory of the Ouroboros VM toolchain."""
