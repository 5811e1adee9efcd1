"""How the admin looks: Unfold in the site's own colours, the sidebar by what people come for."""

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from config.settings.environment import env


def _link(title: object, icon: str, name: str, permission: str) -> dict:
    return {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(f"admin:{name}_changelist"),
        "permission": lambda request: request.user.has_perm(permission),
    }


UNFOLD = {
    "SITE_TITLE": env.str("SITE_NAME", default="Hiroba"),
    "SITE_HEADER": env.str("SITE_NAME", default="Hiroba"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "deployed_code",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("img/favicon.svg")}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "DASHBOARD_CALLBACK": "core.admin.dashboard.dashboard",
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "primary": {
            "50": "#fdf3ef",
            "100": "#fbe2d9",
            "200": "#f7c3b1",
            "300": "#f29c80",
            "400": "#ec744f",
            "500": "#e8542f",
            "600": "#c23d1c",
            "700": "#a13317",
            "800": "#842c17",
            "900": "#6e2817",
            "950": "#3b1108",
        }
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": True,
        "navigation": [
            {
                "title": _("Catalogue"),
                "items": [
                    _link(_("Anime"), "movie", "catalog_anime", "catalog.view_anime"),
                    _link(_("Episodes"), "video_library", "catalog_episode", "catalog.view_episode"),
                    _link(_("Sources"), "play_circle", "catalog_episodesource", "catalog.view_episodesource"),
                    _link(_("Timecodes"), "timer", "catalog_timecode", "catalog.view_timecode"),
                    _link(_("Translations"), "translate", "catalog_translation", "catalog.view_translation"),
                    _link(_("Genres"), "category", "catalog_genre", "catalog.view_genre"),
                    _link(_("Tags"), "sell", "catalog_tag", "catalog.view_tag"),
                    _link(_("Studios"), "apartment", "catalog_studio", "catalog.view_studio"),
                    _link(_("Imports"), "upload_file", "catalog_importrun", "catalog.view_importrun"),
                ],
            },
            {
                "title": _("Providers"),
                "items": [
                    _link(_("Providers"), "hub", "providers_provider", "providers.view_provider"),
                    _link(_("Titles there"), "rule", "providers_providertitle", "providers.view_providertitle"),
                    _link(
                        _("Other numberings"),
                        "format_list_numbered",
                        "providers_numberingoverride",
                        "providers.view_numberingoverride",
                    ),
                    _link(_("Unreadable pages"), "bug_report", "providers_pagefailure", "providers.view_pagefailure"),
                    _link(_("Enrichments"), "auto_awesome", "providers_enrichment", "providers.view_enrichment"),
                ],
            },
            {
                "title": _("Community"),
                "items": [
                    _link(_("Reports"), "flag", "social_report", "social.change_report"),
                    _link(_("Posts"), "newspaper", "social_post", "social.view_post"),
                    _link(_("Comments"), "comment", "social_comment", "social.view_comment"),
                    _link(_("Conversations"), "forum", "social_thread", "social.view_thread"),
                    _link(_("Categories of posts"), "shelves", "social_category", "social.view_category"),
                ],
            },
            {
                "title": _("People"),
                "items": [
                    _link(_("Accounts"), "group", "accounts_user", "accounts.view_user"),
                    _link(_("Sessions"), "devices", "accounts_usersession", "accounts.view_usersession"),
                ],
            },
            {
                "title": _("System"),
                "items": [
                    _link(_("Jobs"), "manufacturing", "core_job", "core.view_job"),
                    _link(_("Pictures"), "image", "core_storedimage", "core.view_storedimage"),
                ],
            },
        ],
    },
}
IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
