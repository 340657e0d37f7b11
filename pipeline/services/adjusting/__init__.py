"""What an owner adjusts of finished pictures: tones."""
