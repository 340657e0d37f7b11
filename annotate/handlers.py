"""Job handlers of this room; jobs calls them by name."""
