"""More things that look like damage and are not: what people wear and what lies round a print."""
