"""What stands between a request and its view, and what any view or API call may use."""
