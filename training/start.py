"""What training does at every start: newer weights that ship, and the photo to practise on."""

from config.registry import start_step
from training import practice
from training.services import shipped_weights

start_step(shipped_weights.take_up)
start_step(practice.install)
