"""Push messages: Expo for the app, web push for browsers (docs/adr/0008-push.md)."""

import base64
import secrets

from config.settings.environment import DATA_DIR, PUBLIC_URL, env

# Tests and operators with a proxy of their own name another address; it is trusted as it stands here.
EXPO_PUSH_URL = env.str("EXPO_PUSH_URL", default="https://exp.host/--/api/v2/push").rstrip("/")
EXPO_ACCESS_TOKEN = env.str("EXPO_ACCESS_TOKEN", default="")

# Where browsers may have their push service: a subscription names the address that we send to (threat 1).
WEB_PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    ".push.services.mozilla.com",
    ".notify.windows.com",
    "web.push.apple.com",
    *env.list("WEB_PUSH_HOSTS", default=[]),
)

# The order of P-256: a private key is a number from 1 to this, exclusive.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _kept_vapid_key() -> str:
    """The private key of web push (32 bytes, base64url): given by the environment, else kept in DATA_DIR (mode 0600).

    Browsers subscribe with its public half: with another key every subscription is dead.
    """
    if given := env.str("VAPID_PRIVATE_KEY", default=""):
        return given
    made = base64.urlsafe_b64encode((secrets.randbelow(_ORDER - 1) + 1).to_bytes(32, "big")).decode().rstrip("=")
    path = DATA_DIR / "vapid_key"
    try:
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="ascii") as file:
                path.chmod(0o600)
                file.write(made)
        except FileExistsError:
            pass
        if key := path.read_text(encoding="ascii").strip():
            return key
    except OSError:
        pass
    return made


VAPID_PRIVATE_KEY = _kept_vapid_key()
# Whom a push service may write to when our messages make trouble: an https address or mailto:.
VAPID_CONTACT = env.str(
    "VAPID_CONTACT", default=PUBLIC_URL if PUBLIC_URL.startswith("https://") else "mailto:webmaster@localhost"
)
