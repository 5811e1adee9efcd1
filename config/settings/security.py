"""Headers, cookies, content security policy, request limits."""

from csp.constants import NONE, SELF

from config.settings.environment import PUBLIC_URL, env

_https = PUBLIC_URL.startswith("https://")

SESSION_COOKIE_SECURE = _https
CSRF_COOKIE_SECURE = _https
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 30 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _https
SECURE_HSTS_PRELOAD = _https
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=_https)
SECURE_REDIRECT_EXEMPT = [r"^health$", r"^ready$", r"^metrics$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed (threat 13): addresses or networks.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])

# Outgoing HTTP (core/egress). Hosts: `api.example.org`, `.example.org` for all below it, `*` for any public one.
EGRESS_ENABLED = env.bool("EGRESS_ENABLED", default=True)
EGRESS_ALLOWED_HOSTS = env.list("EGRESS_ALLOWED_HOSTS", default=[])
EGRESS_DENIED_HOSTS = env.list("EGRESS_DENIED_HOSTS", default=[])
EGRESS_USER_AGENT = env.str("EGRESS_USER_AGENT", default=f"Hiroba/0.1 (self-hosted; +{PUBLIC_URL or 'no address'})")

# A scraper elsewhere shows this token; this host and staff need none.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
# Hosts from which the operator lets the player fetch video; sources elsewhere are not offered (product.md: allow-list).
PLAYER_HOSTS = env.list("PLAYER_HOSTS", default=[])

PERMISSIONS_POLICY = {
    "camera": [],
    "geolocation": [],
    "microphone": [],
    "payment": [],
    "usb": [],
    "autoplay": "self",
    "fullscreen": "self",
    "picture-in-picture": "self",
}

CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/.*$"
CORS_EXPOSE_HEADERS = [
    "X-Request-ID",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "Retry-After",
    "ETag",
    "X-Wait",
]
