"""The REST API of restorations, resumable uploads and webhooks."""
