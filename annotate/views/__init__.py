"""The pages of assessors and reviewers."""
