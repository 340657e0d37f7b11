"""The pages of voters and admins, and the home page."""
