"""What the quality page says of painters, suggestions and networks."""
