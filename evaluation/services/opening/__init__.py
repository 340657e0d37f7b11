"""From a draft to an open study: pictures, blind copies, the frozen plan."""
