"""What an owner adjusts of finished pictures: tones, and colours by strokes."""
