"""The pages of snapshots, runs, versions and production."""
