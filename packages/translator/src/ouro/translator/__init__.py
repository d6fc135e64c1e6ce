"""The ouro command: an RPython program to a native executable."""
