"""Running the site: supervisor, first run, processes that end with their starter, dumps."""
