"""Commands beside the site: photos to a run, a run to a weight file."""
