"""Networks that others published: their files as they arrive, and the versions they become."""
