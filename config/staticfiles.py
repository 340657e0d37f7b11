"""Hashed static files whose ES modules import each other by their hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Rewrites import statements too; Django leaves that off by default."""

    support_js_module_import_aggregation = True
