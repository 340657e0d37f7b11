"""Is the site alive, and what does it do: health, figures for Prometheus, workers that are seen."""
