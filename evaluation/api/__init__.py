"""What a voter's page asks for."""
