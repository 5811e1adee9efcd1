"""Who may do what to whom: ranks of roles and the table of Django permissions that each role has. Pure; no queries."""

from fnmatch import fnmatchcase
from functools import cache

from django.apps import apps

from accounts.roles import Role

# Patterns over "app.action_model". `allowed` minus `denied`; a superadmin has everything, the roles not named nothing.
_MODERATOR_ALLOWED = (
    "accounts.view_user",
    "accounts.change_user",  # suspending; which fields, the admin class says
    "core.view_storedimage",
    "catalog.view_*",
    "catalog.change_anime",  # visibility and its reason
    "catalog.*_timecode*",
    "lists.view_*",
    "social.view_*",
    "providers.view_*",
    "downloads.view_*",
    "social.change_comment",  # hiding it; its words stay their author's
    "social.change_post",
    "social.change_thread",
    "social.change_report",
    "social.*_reportnote",
)
_ADMIN_ALLOWED = (
    "accounts.*",
    "core.*",
    "catalog.*",
    "lists.*",
    "social.*",
    "providers.*",
    "downloads.*",
    "django_celery_beat.*",
    "account.view_*",
)
_ADMIN_DENIED = (
    "accounts.add_usersession",
    "accounts.change_usersession",
    "accounts.*_refreshtoken",
    "accounts.*_signinattempt",
    "accounts.*_knowndevice",
    "accounts.*_totpdevice",
    "accounts.*_recoverycode",
    "accounts.*_signinchallenge",
    "accounts.*_emailcode",
    "accounts.*_oauthgrant",
    "accounts.add_apikey",
    "accounts.change_apikey",
    "accounts.add_pushdevice",
    "accounts.change_pushdevice",
    "accounts.*_pushticket",
    "accounts.*_noticesetting",
    "accounts.add_dataexport",
    "accounts.change_dataexport",
    "accounts.delete_dataexport",
    "accounts.add_accountdeletion",
    "accounts.change_accountdeletion",
    "accounts.delete_accountdeletion",
    "accounts.delete_user",  # erasing a person is their own two-step request, or a superadmin's act
)
_TABLE: dict[Role, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Role.MODERATOR: (_MODERATOR_ALLOWED, ()),
    Role.ADMIN: (_ADMIN_ALLOWED, _ADMIN_DENIED),
    Role.SUPERADMIN: (("*",), ()),
}


def role_allows(role: str, permission: str) -> bool:
    """Whether `role` has `permission` ("app.codename"), whether or not such a model is installed."""
    allowed, denied = _TABLE.get(Role(role), ((), ()))
    return any(fnmatchcase(permission, p) for p in allowed) and not any(fnmatchcase(permission, p) for p in denied)


@cache
def role_permissions(role: str) -> frozenset[str]:
    """Every installed model's permission that `role` has, as "app.codename"."""
    names = {
        f"{model._meta.app_label}.{codename}"
        for model in apps.get_models()
        for codename in (
            *(f"{action}_{model._meta.model_name}" for action in model._meta.default_permissions),
            *(codename for codename, _ in model._meta.permissions),
        )
    }
    return frozenset(name for name in names if role_allows(role, name))


def role_enters(role: str, app_label: str) -> bool:
    """Whether `role` has any permission in an app, so that the admin shows it."""
    return any(name.startswith(f"{app_label}.") for name in role_permissions(role))


def can_assign(actor: str, current: str, new: str) -> bool:
    """Whether someone of role `actor` may change another person from `current` to `new`.

    Admins and above only; never a peer or someone higher, never to a role that is not below the actor's own. So only a
    superadmin makes an admin, and nobody makes a superadmin (`manage.py createsuperuser` does).
    """
    rank = Role(actor).rank
    return rank >= Role.ADMIN.rank and Role(current).rank < rank and Role(new).rank < rank


def can_step_down(current: str, new: str) -> bool:
    """Whether a person may give up their own role for `new`: only for a lower one."""
    return Role(new).rank < Role(current).rank


def can_moderate(actor: str, target: str) -> bool:
    """Whether `actor` may suspend or restore `target`: moderators and above, and only those below them."""
    rank = Role(actor).rank
    return rank >= Role.MODERATOR.rank and Role(target).rank < rank
