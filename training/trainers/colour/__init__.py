"""What the colour trainer has beside its loop: its pools of photographs and its adversary."""
