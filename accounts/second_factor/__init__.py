"""A code beside the password: by an authenticator app, or a recovery code."""
