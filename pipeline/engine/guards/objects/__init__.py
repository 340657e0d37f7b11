"""What of the picture itself looks like damage: branches, seams, meshes, patterns, busy ground."""
