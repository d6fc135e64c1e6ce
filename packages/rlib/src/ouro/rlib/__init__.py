"""What an RPython author imports: markers and libraries, plain Python on the host."""
