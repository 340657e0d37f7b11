"""What a desk shows: albums as rooms, marks with their answers, the guideline's pictures."""
