"""What the API says of itself: to programs, and as a page to people."""
