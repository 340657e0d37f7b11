"""Training, one module a stage: python -m training.trainers RUNDIR."""
