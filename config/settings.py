"""One settings file. Defaults run the whole product on one machine with nothing to configure;
environment variables (docs/settings.md) swap in PostgreSQL, Redis, S3 and HTTPS."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from config.env import ROOT, VAR, env, secret_key
from config.var_folder import private_file, private_folder
from config.web.api_settings import REST_FRAMEWORK, SPECTACULAR_SETTINGS  # noqa: F401 - read by Django

BASE_DIR = ROOT
SECRET_KEY = secret_key()
DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")

# Any production setting ends demo mode: demo accounts must never exist on a real site.
PRODUCTION = HTTPS or any(
    env.str(name, default="") for name in ("SECRET_KEY", "DATABASE_URL", "ALLOWED_HOSTS")
)
DEMO = env.bool("DEMO", default=not PRODUCTION)
PUBLIC_UPLOADS = env.bool("PUBLIC_UPLOADS", default=True)
# Who runs the site, as visitors read it; files are UTF-8, paragraphs parted by empty lines.
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_CONTACT = env.str("OPERATOR_CONTACT", default="")
PRICE_TEXT = env.str("PRICE_TEXT", default="It costs nothing.")
PRIVACY_FILE = env.str("PRIVACY_FILE", default="")
IMPRINT_FILE = env.str("IMPRINT_FILE", default="")

INSTALLED_APPS = [
    "accounts",  # before auth: the first app that has a command, changepassword, gives it
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "axes",
    "csp",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "jobs",
    "photos",
    "annotate",
    "training",
    "pipeline",
    "evaluation",
]

MIDDLEWARE = [
    "config.web.logging.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.web.middleware.NoNulls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.web.disk_reserve.DiskReserve",  # before the next, which reads forms
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.second_factor.wall.SecondFactorWall",
    "accounts.time_zones.TimeZone",
    "accounts.audit.AuditTrail",
    "config.web.roles.DenyByDefault",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.web.middleware.RefusedAsMessage",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "config.words.labels.PlainLabels"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.web.roles.navigation",
                "accounts.mail.on_pages.unread",
                "config.version.on_pages",
                "config.operator.on_pages",
            ],
            "builtins": ["config.words.filters"],
        },
    }
]

# --- database -------------------------------------------------------------------------------
SQLITE_OPTIONS: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",  # with WAL: no failed write under four processes
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;"
    f"PRAGMA synchronous={env.str('SQLITE_SYNCHRONOUS', default='NORMAL')};",
}
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if "sqlite" in DATABASES["default"]["ENGINE"]:
        DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": VAR / "heirloom.sqlite3",
            "OPTIONS": SQLITE_OPTIONS,
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHE_URL = env.str("CACHE_URL", default="")
# Django's default keeps 300 entries: fewer than there may be addresses whose requests are counted.
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://?max_entries=10000")}
# It holds counts of throttles and what can be made again: away, it remembers nothing, and nobody is
# refused for it.
REDIS_OPTIONS = {"SOCKET_CONNECT_TIMEOUT": 1, "SOCKET_TIMEOUT": 2, "IGNORE_EXCEPTIONS": True}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
if "redis" in CACHES["default"]["BACKEND"].lower():
    CACHES["default"] |= {"BACKEND": "django_redis.cache.RedisCache", "OPTIONS": REDIS_OPTIONS}

# --- background work ------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("BROKER_URL", default="embedded://here")
EMBEDDED = CELERY_BROKER_URL.startswith("embedded")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"path": str(VAR / "broker.sqlite3"), "polling_interval": 0.1}
    if EMBEDDED
    else {
        "visibility_timeout": 6 * 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_keepalive": True,
        "socket_connect_timeout": 2,
        # A hint that cannot be sent is sent by the next sweep: nobody waits six seconds for it.
        "max_retries": 0,
    }
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_LOST_WAIT = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# RabbitMQ closes the channel of work that takes over half an hour: the worker opens another.
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "jobs.operations.right_time.RightTime"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")
# What beat asks for, by kind: each is a job of its own, so two beats only send more hints.
CELERY_BEAT_SCHEDULE = {  # what comes round, in seconds
    routine.partition(".")[2].replace("_", "-"): {
        "task": "jobs.tasks.routine",
        "schedule": seconds,
        "args": (routine,),
        "options": {"queue": "maintenance"},
    }
    for routine, seconds in {
        "annotate.release_leases": 60.0,
        "annotate.forget_imports": 86400.0,
        "pipeline.expire_restorations": 3600.0,
        "pipeline.sweep_uploads": 3600.0,
        "pipeline.measure_engines": 600.0,
        "pipeline.tell_missing": 30.0,
        "training.forget_erased": 3600.0,
        "pipeline.suggest_missing": 60.0,
        "photos.sweep_blobs": 6 * 3600.0,
        "jobs.refresh_statistics": 6 * 3600.0,
        "jobs.send_letters": 30.0,
        "jobs.write_digests": 900.0,
        "jobs.gather_notices": 60.0,
    }.items()
}
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=60)
JOB_HEARTBEAT_SECONDS = env.float("JOB_HEARTBEAT_SECONDS", default=15.0)
JOB_RESEND_SECONDS = env.int("JOB_RESEND_SECONDS", default=30)
JOB_WAIT_SECONDS = env.int("JOB_WAIT_SECONDS", default=300)  # then readiness is degraded
# Who may read /metrics from afar, as a bearer token; without one, loopback and private addresses.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
WEB_WORKERS = env.int("WEB_WORKERS", default=1)
# A worker whose process has grown beyond this begins anew after its task; 0: never.
WORKER_MEMORY_MEGABYTES = env.int("WORKER_MEMORY_MEGABYTES", default=2000)
# Workers yield the processor to web and database on the same host by so many steps; 0: they do not.
WORKER_NICE = env.int("WORKER_NICE", default=15)
TORCH_THREADS = env.int("TORCH_THREADS", default=0)  # 0: as many as the machine has
# What runs the networks: auto (what was measured as faster), onnx, torch or torch-bf16.
ENGINE = env.str("ENGINE", default="auto")
TRAIN_DEVICE = env.str("TRAIN_DEVICE", default="cpu")
TRAIN_WORKERS = env.int("TRAIN_WORKERS", default=0)  # processes that draw samples, for each card
TRAIN_UNPACK = env.bool("TRAIN_UNPACK", default=False)
TRAIN_TUNED = env.bool("TRAIN_TUNED", default=False)
# Networks that others published run in a child of their own, which may use so much.
IMPORTED_MEMORY_MEGABYTES = env.int("IMPORTED_MEMORY_MEGABYTES", default=6000)
IMPORTED_SECONDS = env.int("IMPORTED_SECONDS", default=120)
IMPORTED_PROVIDERS = env.list("IMPORTED_PROVIDERS", default=["CPUExecutionProvider"])
# Whether weights whose licence forbids commerce may restore what visitors send.
NONCOMMERCIAL_PUBLIC = env.bool("NONCOMMERCIAL_PUBLIC", default=False)

# --- files ----------------------------------------------------------------------------------
MEDIA_ROOT = VAR / "media"
RUNS_ROOT = VAR / "runs"
ENCODERS_ROOT = VAR / "encoders"
STATIC_ROOT = VAR / "static"
STATIC_URL = "static/"
STATICFILES_DIRS = [ROOT / "config" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.joined_modules.JoinedModules",
]
JOINED_ROOT = VAR / "joined"
PAINTER_SCRIPTS = "main workers/components workers/encode workers/ridge"
JOINED_MODULES = [f"annotate/painter/{name}.js" for name in PAINTER_SCRIPTS.split()]
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.staticfiles.ModuleStorage"},
}
if S3_BUCKET := env.str("S3_BUCKET", default=""):
    # Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from the machine's role.
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT", default="") or None,
            "region_name": env.str("S3_REGION", default="us-east-1"),
            "default_acl": env.str("S3_ACL", default="") or None,
            "file_overwrite": True,  # a name is the hash of its bytes: over itself is no change
        },
    }
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
SCAN_MAX_BYTES = env.int("SCAN_MAX_MEGABYTES", default=500) * 1_000_000
SCAN_MAX_MEGAPIXELS = env.int("SCAN_MAX_MEGAPIXELS", default=250)
SCAN_HEIC = env.bool("SCAN_HEIC", default=True)
# YuNet's ONNX file, where there is one: faces are marked in every result's report.
FACES_MODEL = env.str("FACES_MODEL", default="")
COLOUR_SWATCHES = env.str("COLOUR_SWATCHES", default="")
RESTORATION_DAYS = env.int("RESTORATION_DAYS", default=30)
WEBHOOKS_PRIVATE = env.bool("WEBHOOKS_PRIVATE", default=False)
WEBHOOK_PORTS = [int(port) for port in env.list("WEBHOOK_PORTS", default=[])]
UPLOAD_HOURS = env.int("UPLOAD_HOURS", default=24)
# Below so much free room what visitors send is refused; painters have it down to a quarter.
DISK_RESERVE_BYTES = env.int("DISK_RESERVE_MEGABYTES", default=1000) * 1_000_000
UNFINISHED_UPLOADS_BYTES = env.int("UNFINISHED_UPLOADS_MEGABYTES", default=5000) * 1_000_000
ASSIGNMENT_LEASE_MINUTES = env.int("ASSIGNMENT_LEASE_MINUTES", default=30)

# --- people and their safety ----------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.second_factor.backend.PasswordAndCode",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS.append(
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
)
# off, offered to everybody, or required of reviewers and admins
SECOND_FACTOR = env.str("SECOND_FACTOR", default="offered")
OTP_TOTP_ISSUER = "Heirloom"
OTP_ADMIN_HIDE_SENSITIVE_DATA = True
# Single sign-on by OpenID Connect, where an issuer is named; accounts.single_sign_on checks it.
SIGN_ON_ISSUER = env.str("OIDC_ISSUER", default="")
SIGN_ON_NAME = env.str("OIDC_NAME", default="single sign-on")
SIGN_ON_ROLES_CLAIM = env.str("OIDC_ROLES_CLAIM", default="roles")
SIGN_ON_ROLES = env.list("OIDC_ROLES", default=[])
OIDC_RP_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_RP_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_RP_SIGN_ALGO = env.str("OIDC_ALGORITHM", default="RS256")
OIDC_RP_SCOPES = env.str("OIDC_SCOPES", default="openid profile email")
OIDC_OP_AUTHORIZATION_ENDPOINT = env.str("OIDC_AUTHORIZATION_URL", default="")
OIDC_OP_TOKEN_ENDPOINT = env.str("OIDC_TOKEN_URL", default="")
OIDC_OP_JWKS_ENDPOINT = env.str("OIDC_JWKS_URL", default="")
OIDC_OP_USER_ENDPOINT = env.str("OIDC_USERINFO_URL", default="")
OIDC_AUTHENTICATION_CALLBACK_URL = "sign_on_back"
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 10  # seconds
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "work"
LOGOUT_REDIRECT_URL = "home"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# Not axes' own reading of the header: without its optional package it does not read it at all.
AXES_CLIENT_IP_CALLABLE = "accounts.sign_in.lock_out_address"
AXES_HANDLER = "accounts.sign_in.Handler"
PROXY_COUNT = env.int("PROXY_COUNT", default=0)
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 7 * 86400  # seconds; a week without a visit signs out
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- mail -----------------------------------------------------------------------------------
# smtp+tls://user:password@host:587, smtp+ssl://…, filemail:///folder, consolemail://; without it
# the site sends none.
EMAIL_URL = env.str("EMAIL_URL", default="")
MAIL_IS_SET_UP = bool(EMAIL_URL)
if MAIL_IS_SET_UP:
    vars().update(env.email_url("EMAIL_URL"))
    EMAIL_FILE_PATH = urlsplit(EMAIL_URL).path  # django-environ takes the first slash off
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="heirloom@localhost")
EMAIL_SUBJECT_PREFIX = "[Heirloom] "
EMAIL_TIMEOUT = 20  # seconds

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "ids": {"()": "config.web.logging.Ids"},
        "routes": {"()": "config.web.log_privacy.RoutesOnly"},
    },
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name}{ids}: {message}", "style": "{"},
        "json": {"()": "config.web.logging.JsonLine"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["ids", "routes"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "axes": {"level": "WARNING"},
        # One line a request is for machines; a person at the console wants what went wrong.
        "heirloom.request": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "pyvips": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
for folder in (VAR, MEDIA_ROOT, RUNS_ROOT, STATIC_ROOT):
    private_folder(folder)
# SQLite gives its journals the mode of the database, which it would make itself by the umask.
if DATABASES["default"].get("NAME") == VAR / "heirloom.sqlite3":
    private_file(VAR / "heirloom.sqlite3")
if EMBEDDED:
    private_file(VAR / "broker.sqlite3")
