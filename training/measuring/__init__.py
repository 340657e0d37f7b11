"""How good a network is: figures, baselines, ablations, mistakes."""
