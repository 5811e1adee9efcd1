"""Every icon that a template or script names is in the sprite."""

import re
from pathlib import Path

from core.site.icons import ICONS

ROOT = Path(__file__).resolve().parent.parent.parent.parent
SPRITE = ROOT / "static" / "vendor" / "lucide-1.62.0" / "icons.svg"


def test_sprite_holds_exactly_the_listed_icons() -> None:
    assert set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8"))) == set(ICONS)


def test_templates_name_known_icons_only() -> None:
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r"""(?:\{% icon |\bicon=)["']([a-z0-9-]+)["']""", path.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= set(ICONS)
