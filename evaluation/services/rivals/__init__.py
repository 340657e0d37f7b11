"""Pictures made elsewhere enter a study: matched to photos, fitted, judged beside their task."""
