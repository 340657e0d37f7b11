"""Short runs of equal length with one choice switched: what each choice of the networks buys."""
