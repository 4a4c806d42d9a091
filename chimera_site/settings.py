"""All settings, in one file, driven by the environment.

Everything Chimera writes lies under ``CHIMERA_HOME`` (default ``var/``), so that one folder is the whole state.
"""

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import environ
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy

from chimera_site.redis_socket import socket_path
from chimera_site.secret import load_or_create_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
Number = TypeVar("Number", int, float)


def number(kind: Callable[..., Number], name: str, default: Number, least: float = 1) -> Number:
    """A setting that counts something: ``kind`` is ``env.int`` or ``env.float``.

    Raises:
        ImproperlyConfigured: it is no number, or less than ``least``.
    """
    try:
        value = kind(name, default=default)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not a number: {error}.") from error
    if not least <= value < math.inf:
        raise ImproperlyConfigured(f"{name} is {value}, but has to be at least {least}.")
    return value


CHIMERA_HOME = Path(env.str("CHIMERA_HOME", default=str(BASE_DIR / "var"))).resolve()
CHIMERA_HOME.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="") or load_or_create_secret_key(CHIMERA_HOME / "secret_key")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # not its default, which would put its own admin site in place of ours
    "apps.core.admin_config.ChimeraAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "django_htmx",
    "django_rq",
    "ninja",  # for the files of the page that documents the REST API
    "apps.core",
    "apps.demos",
    "apps.captures",
    "apps.training",
    "apps.coach",
    "apps.simulation",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.core.middleware.ApiMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.middleware.RefuseNulMiddleware",
    "apps.core.middleware.ContentSecurityPolicyMiddleware",
]

ROOT_URLCONF = "chimera_site.urls"
ASGI_APPLICATION = "chimera_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.context_processors.navigation",
            ],
            "builtins": ["apps.core.templatetags.chimera"],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{CHIMERA_HOME / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets readers and one writer work at once; IMMEDIATE takes the write lock at BEGIN, so that two
    # transactions wait for each other instead of failing with "database is locked" half-way.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
    DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_SQLITE", default=str(CHIMERA_HOME / "test.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Without REDIS_URL: the server `manage.py up` starts, which listens on a socket file only its owner can open.
REDIS_SOCKET = socket_path(CHIMERA_HOME)
REDIS_URL = env.str("REDIS_URL", default=f"unix://{quote(str(REDIS_SOCKET))}?db=0")
# One worker per queue: with several queues on one worker RQ can lose a popped job when the worker dies.
QUEUES = ("parse", "capture", "train", "evaluate")
RQ_QUEUES = {
    name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 3600, "SERIALIZER": "rq.serializers.JSONSerializer"} for name in QUEUES
}
RQ = {"WORKER_CLASS": "apps.core.worker.Worker"}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # Sockets wait at Redis for what comes next, five seconds at a time. redis-py's own limit is five seconds too,
        # and ended every quiet socket; a Redis that is gone is noticed by its closed connection.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None, "socket_connect_timeout": 5}]},
    }
}

if env.str("S3_BUCKET", default=""):
    _artefacts: dict[str, object] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.str("S3_BUCKET"),
            "endpoint_url": env.str("S3_ENDPOINT_URL", default=None),
            "access_key": env.str("S3_ACCESS_KEY", default=None),
            "secret_key": env.str("S3_SECRET_KEY", default=None),
            "region_name": env.str("S3_REGION", default=None),
            "default_acl": None,
            "querystring_auth": True,
            "file_overwrite": True,
        },
    }
else:
    _artefacts = {
        "BACKEND": "apps.core.storage.AtomicFileSystemStorage",
        "OPTIONS": {"location": str(CHIMERA_HOME / "artefacts")},
    }
STORAGES = {
    "default": _artefacts,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_URL = "/static/"
STATICFILES_DIRS = [("build", BASE_DIR / "static" / "build"), ("images", BASE_DIR / "static" / "images")]
# Serve straight from static/ (built by `manage.py build_frontend`); there is no separate collect step to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

FILE_UPLOAD_TEMP_DIR = CHIMERA_HOME / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
MAX_DEMO_BYTES = number(env.int, "MAX_DEMO_BYTES", 2 * 1024**3)
MAX_UNPACKED_BYTES = number(env.int, "MAX_UNPACKED_BYTES", 20 * 1024**3)  # all that may come out of one archive
MIN_FREE_DISK_MB = number(env.int, "MIN_FREE_DISK_MB", 512, least=0)  # what uploads leave free
UPLOAD_EXPIRES_H = number(env.int, "UPLOAD_EXPIRES_H", 72)  # an upload nobody goes on with is dropped after so long
WATCH_FOLDER = env.str("WATCH_FOLDER", default="")  # recordings that appear in it are imported; empty: none
PARSE_MEMORY_MB = number(env.int, "PARSE_MEMORY_MB", 6144)
PREVIEW_FROM_BYTES = number(env.int, "PREVIEW_FROM_BYTES", 100 * 1000**2, least=0)  # smaller ones are read at once
PARSE_TIMEOUT_S = number(env.int, "PARSE_TIMEOUT_S", 900)

# Radar images for the replay, which nobody has to have: `<map>.png`, `<map>_lower.png`; or those `awpy get` downloads.
MAPS_DIR = Path(env.str("MAPS_DIR", default=str(CHIMERA_HOME / "maps")))
AWPY_DATA_DIR = Path(env.str("AWPY_DATA_DIR", default=str(Path(env.str("HOME", default="/nonexistent")) / ".awpy")))

# Where capture jobs find a game client: a host:port that speaks netcon and the folder where its images appear.
GAME_CLIENT_HOST = env.str("GAME_CLIENT_HOST", default="127.0.0.1")
GAME_CLIENT_PORT = number(env.int, "GAME_CLIENT_PORT", 0, least=0)  # 0: start the simulated client for the job
GAME_CLIENT_DIR = Path(env.str("GAME_CLIENT_DIR", default=str(CHIMERA_HOME / "game")))
GAME_SETTLE_S = number(
    env.float, "GAME_SETTLE_S", 20.0, least=0
)  # playback before the first seek; ignored by the simulation

# Any OpenAI-compatible server: vLLM, `transformers serve`, or (the default) the one that `manage.py up` starts.
MODEL_SERVER_URL = env.str("MODEL_SERVER_URL", default="http://127.0.0.1:8100/v1")
MODEL_SERVER_MODEL = env.str("MODEL_SERVER_MODEL", default="")  # empty: ask the server which model it serves
MODEL_SERVER_KEY = env.str("MODEL_SERVER_KEY", default="")
# Hold answers to the schema on the server named above. vLLM can; not all can, so answers are always checked.
MODEL_SERVER_STRUCTURED = env.bool("MODEL_SERVER_STRUCTURED", default=False)
MODEL_SERVER_MAX_FRAMES = number(env.int, "MODEL_SERVER_MAX_FRAMES", 3)
MODEL_SERVER_MAX_SIDE = number(env.int, "MODEL_SERVER_MAX_SIDE", 1920)  # pixels; larger frames are shrunk first
# Several models by alias, in failover order; empty: one alias, "embedded", made from the MODEL_SERVER_… around here.
_listed = env.str("MODEL_SERVERS", default="").strip()
try:
    MODEL_SERVERS = json.loads(_listed) if _listed else []
except ValueError as error:
    raise ImproperlyConfigured(f"MODEL_SERVERS is not JSON: {error}.") from error
MODEL_SERVER_FIRST_TOKEN_S = number(env.float, "MODEL_SERVER_FIRST_TOKEN_S", 60.0, least=0.1)
MODEL_SERVER_BETWEEN_TOKENS_S = number(env.float, "MODEL_SERVER_BETWEEN_TOKENS_S", 15.0, least=0.1)
MODEL_SERVER_TOTAL_S = number(env.float, "MODEL_SERVER_TOTAL_S", 180.0, least=0.1)
COACH_MAX_TOKENS = number(env.int, "COACH_MAX_TOKENS", 1024)  # 256 is the least that fits the JSON
COACH_PER_USER = number(env.int, "COACH_PER_USER", 2)  # answers being written at once for one person …
COACH_GLOBAL = number(env.int, "COACH_GLOBAL", 8)  # … and for all of them, whatever the number of web processes
# Days after which frames are deleted; 0: as soon as the answer is over; empty: never. Texts stay.
_days = env.str("COACH_KEEP_IMAGES_DAYS", default="30")
if not re.fullmatch("[0-9]{0,5}", _days):  # a negative number would delete all
    raise ImproperlyConfigured("COACH_KEEP_IMAGES_DAYS is a number of days, 0 (at once) or empty (never).")
COACH_KEEP_IMAGES_DAYS = int(_days) if _days else None
EMBEDDED_MODEL_DIR = Path(env.str("EMBEDDED_MODEL_DIR", default=str(BASE_DIR / "apps/training/embedded_model")))
# Folders of the frames that an evaluation of the embedded model names: its page shows those that were read wrong.
HUD_FRAMES = env.list(
    "HUD_FRAMES", default=[str(CHIMERA_HOME / "hud" / "frames"), str(BASE_DIR.parent / "shared/data/hud/frames")]
)
# Whether MODEL_SERVER_URL is where `manage.py up` serves EMBEDDED_MODEL_DIR; `up` tells its processes.
SMALL_MODEL_SERVED = env.bool("SMALL_MODEL_SERVED", default="MODEL_SERVER_URL" not in env)

AUTH_USER_MODEL = "core.User"
LOGIN_URL = "core:login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "core:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "chimera_site.formats"

UNFOLD = {
    "SITE_TITLE": "Chimera",
    "SITE_HEADER": "Chimera",
    "SITE_URL": "/",
    "SITE_SYMBOL": "visibility",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("images/icon.svg")},
    ],
    "THEME": "dark",
    "STYLES": [lambda request: static("build/admin.css")],
    # The accent of static/css/app.css in the shades that unfold uses.
    "COLORS": {
        "primary": {
            "50": "#fff8eb",
            "100": "#feecc7",
            "200": "#fcd98b",
            "300": "#f8c25f",
            "400": "#f4b14b",
            "500": "#f0a43c",
            "600": "#d9871c",
            "700": "#b46915",
            "800": "#915317",
            "900": "#774516",
            "950": "#432307",
        }
    },
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": "Training",
                "items": [
                    {"title": "Datasets", "icon": "dataset", "link": reverse_lazy("admin:training_dataset_changelist")},
                    {
                        "title": "Runs",
                        "icon": "trending_up",
                        "link": reverse_lazy("admin:training_trainingrun_changelist"),
                    },
                    {
                        "title": "Checkpoints",
                        "icon": "deployed_code",
                        "link": reverse_lazy("admin:training_checkpoint_changelist"),
                    },
                    {
                        "title": "Evaluations",
                        "icon": "fact_check",
                        "link": reverse_lazy("admin:training_evaluation_changelist"),
                        "active": lambda request: (
                            "/training/evaluation/" in request.path and not request.path.endswith("/embedded/")
                        ),
                    },
                    {
                        "title": "Embedded model",
                        "icon": "memory",
                        "link": reverse_lazy("admin:training_evaluation_embedded"),
                    },
                ],
            },
            {
                "title": "Operations",
                "items": [
                    {"title": "Jobs", "icon": "pending_actions", "link": reverse_lazy("admin:core_job_changelist")},
                    {
                        "title": "Users",
                        "icon": "group",
                        "link": reverse_lazy("admin:core_user_changelist"),
                        "permission": lambda request: request.user.is_superuser,
                    },
                ],
            },
        ],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"short_refusals": {"()": "apps.core.logs.ShortRefusals"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["short_refusals"]}},
    "loggers": {"httpx2": {"level": "WARNING"}},  # a line for each look at a model server, otherwise
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
