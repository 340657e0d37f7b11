"""The harm probe: pictures of what is no damage, and how much of them would be filled."""
