"""What was voted, as records and as judgements."""
