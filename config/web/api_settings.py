"""What settings say of the API and of its schema."""

from typing import Any

from config.env import env
from config.version import VERSION

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAdminUser"],
    "DEFAULT_PARSER_CLASSES": [
        "config.web.strict_fields.Json",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "config.web.schema.openapi.Schema",
    "DEFAULT_PAGINATION_CLASS": "config.web.pagination.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttles.ApiThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "uploads": env.str("UPLOADS_PER_HOUR", default="60") + "/hour",
        "api": env.str("API_PER_MINUTE", default="600") + "/minute",
        "strokes": "120/minute",
        "mask-files": "20/minute",
        "webhooks": "30/minute",
    },
    "NUM_PROXIES": env.int(
        "PROXY_COUNT", default=0
    ),  # see config.web.client_address, which all throttles ask
    "EXCEPTION_HANDLER": "config.web.error_responses.as_response",
    # `Accept` says what is wanted; "?format=" would stick to every address in an answer.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Heirloom",
    "DESCRIPTION": "Restore photographs: create a restoration, follow it, fetch its results.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # What is sent and what comes back differ: files go in as bytes, texts must not be empty.
    "COMPONENT_SPLIT_REQUEST": True,
    # Several rooms call a field "origin": each set of choices gets a name of its own.
    "ENUM_NAME_OVERRIDES": {
        "PhotoOrigin": "photos.models.Origin",
        "VersionOrigin": "training.models.ModelVersion.Origin",
    },
}
