"""What a finder is judged on while it learns: its histograms, and lines that are drawn."""
