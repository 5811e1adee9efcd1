"""One set of settings for both ways to run; the environment (see docs/operate.md) decides which.

Split by noun: `paths` and `environment` first, then what stands on them.
"""

from config.settings.accounts import *  # noqa: F403
from config.settings.admin import *  # noqa: F403
from config.settings.api import *  # noqa: F403
from config.settings.apps import *  # noqa: F403
from config.settings.caching import *  # noqa: F403
from config.settings.environment import *  # noqa: F403
from config.settings.lists import *  # noqa: F403
from config.settings.logging import *  # noqa: F403
from config.settings.mail import *  # noqa: F403
from config.settings.oauth import *  # noqa: F403
from config.settings.push import *  # noqa: F403
from config.settings.security import *  # noqa: F403
from config.settings.serve import *  # noqa: F403
from config.settings.site import *  # noqa: F403
from config.settings.social import *  # noqa: F403
from config.settings.storage import *  # noqa: F403
from config.settings.tasks import *  # noqa: F403
