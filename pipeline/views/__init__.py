"""The pages of visitors, owners and staff."""
