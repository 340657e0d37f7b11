"""What versions are worth: measured on snapshots, held beside production, promoted with care."""
