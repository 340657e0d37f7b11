"""How far a restoration is and how long it will take: its steps and what earlier ones took."""
