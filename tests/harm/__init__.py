"""What a restoration may do to what was whole: tables made by one command each."""
