"""Names and texts in all of Unicode: what is refused, what passes, what is stored."""

import contextlib
import json
import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.display_text import line_clean, paragraphs_clean
from accounts.lookalikes import display_skeletons, skeleton_of
from accounts.models import Role, User
from accounts.search_names import search_name_of, search_text
from accounts.services.profiles import profile_update
from accounts.tests.factories import UserFactory
from accounts.validation import display_name_clean, username_clean
from core.errors import ValidationFailed

pytestmark = pytest.mark.django_db


def code_of(check: object, *arguments: object) -> str:
    """The code that a check refuses with, "" when it passes."""
    try:
        check(*arguments)  # type: ignore[operator]
    except ValidationError as error:
        return str(error.code)
    return ""


class TestUsernames:
    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("hoshino", "username_taken"),
            ("HOSHINO", "username_taken"),
            ("hosh1no", "username_lookalike"),
            ("HoshIno", "username_taken"),
            ("hoshin0", "username_lookalike"),
            ("hoshlno", "username_lookalike"),
            ("hoshino_", ""),
            ("hoshina", ""),
            ("rnarie", "username_lookalike"),
            ("vvalter", "username_lookalike"),
            ("Adm1n", "username_reserved"),
            ("a_d_m_i_n", "username_reserved"),
            ("M0DERAT0R", "username_reserved"),
            ("system", "username_reserved"),
            ("hiroba", "username_reserved"),
            ("Deleted_0099", "username_reserved"),
            ("settings", "username_reserved"),
            ("everyone", "username_reserved"),
            ("administrators", ""),
            ("badmin_ton", ""),
            ("Official_Hiroba", "username_reserved"),
            ("supp0rtTeam", "username_reserved"),
            ("supporter", ""),
            ("___", "invalid_username"),
            ("_7_", ""),
        ],
    )
    def test_taken_lookalike_reserved(self, name: str, code: str) -> None:
        for taken in ("Hoshino", "marie", "walter"):
            UserFactory.create(username=taken)
        assert code_of(username_clean, name) == code

    def test_the_own_name_is_no_obstacle(self) -> None:
        user = UserFactory.create(username="hoshino")
        assert username_clean("Hosh1no", user) == "Hosh1no"

    def test_the_database_refuses_what_slipped_through(self) -> None:
        UserFactory.create(username="hoshino")
        with pytest.raises(IntegrityError), transaction.atomic():
            UserFactory.create(username="hosh1no")

    def test_skeletons_of_usernames_are_those_of_display_names(self) -> None:
        """The look-up for display names goes through the index on usernames."""
        for name in ("hoshino", "Rnaria_77", "vvIl1_o0", "a__b", "x_9"):
            assert skeleton_of(name) in display_skeletons(name)


class TestDisplayNames:
    @pytest.mark.parametrize(
        "name",
        [
            "Аdmin", "АDMIN", "Admіn", "ad min", "A.d.m.i.n", "Ａｄｍｉｎ", "𝐀𝐝𝐦𝐢𝐧", "Ádmin", "αdmin", "ADMlN",
            "ROOT", "Staff", "ѕtаff", "Systеm", "Hiroba", "Нiroba", "Администратор", "管理者", "Suppоrt",
        ],
    )  # fmt: skip
    def test_those_who_run_the_place_are_reserved(self, name: str) -> None:
        assert code_of(display_name_clean, name, UserFactory.create()) == "display_name_reserved"

    @pytest.mark.parametrize(
        "name",
        [
            "official hiroba", "Support team", "The Official Account", "Hiroba • Support", "S.u.p.p.o.r.t  Team", "🅰dmin",
            "🅢taff", "ᴀᴅᴍɪɴ", "ＳＵＰＰＯＲＴ team", "Ren (admin)", "⭐Moderator⭐ Ren", "Служба поддержки", "Команда Хироба",
            "運営チーム", "公式アカウント",
        ],
    )  # fmt: skip
    def test_what_reads_like_an_office_is_reserved(self, name: str) -> None:
        expected = "display_name_reserved"
        assert code_of(display_name_clean, name, UserFactory.create()) == expected
        assert code_of(display_name_clean, name, UserFactory.create(role=Role.ADMIN)) == ""

    @pytest.mark.parametrize("name", ["аdмin", "Кoля", "Mаriа", "Μaria", "KoЯn", "Ren Тaro"])
    def test_a_word_has_letters_of_one_alphabet(self, name: str) -> None:
        assert code_of(display_name_clean, name, UserFactory.create()) == "display_name_mixed_alphabets"

    @pytest.mark.parametrize(
        "name",
        ["hoshino", "Hoshino", "hоshino", "HOSHINO", "h0shino", "hoshіno", "ho shi no", "ｈｏｓｈｉｎｏ", "hóshino",
         "ℎoshino", "hoshino."],
    )  # fmt: skip
    def test_another_persons_username_is_refused(self, name: str) -> None:
        UserFactory.create(username="Hoshino")
        assert code_of(display_name_clean, name, UserFactory.create()) == "display_name_lookalike"

    def test_the_own_username_may_be_shown_in_any_way(self) -> None:
        assert code_of(display_name_clean, "Hoshino ★", UserFactory.create(username="hoshino")) == ""

    @pytest.mark.parametrize(
        "name",
        [
            "Анна", "Мария Иванова", "Сергей", "Ольга", "Вера", "Рома", "Саша", "Дмитрий", "Алёна", "Макс", "Оксана", "Наташа",
            "Катя", "Тимур", "Володимир", "Ђорђе", "星野アイ", "さくら", "ナルト", "田中 太郎", "한지민", "李小龍", "Ελένη", "محمد",
            "דוד", "สมชาย", "Nguyễn Văn A", "José", "Zoë", "Łukasz", "O'Brien", "Anna-Lena", "★彡 Nova 彡★", "ヽ(^o^)丿", "👩‍👩‍👧",
            "Supporter of Shinji", "Badminton", "Mod Podge", "Unofficial Fan", "System of a Down", "Root Beer", "Owner of 3 cats",
            "Команда А", "Аниме Fan", "Tシャツ", "ABC放送", "非公式", "The Team", "Ren 🇯🇵", "(・д・)",
            "🇯🇵", "x", "7", "नमस्ते", "می‌خواهم",
        ],
    )  # fmt: skip
    def test_ordinary_names_pass(self, name: str) -> None:
        UserFactory.create(username="somebody")
        assert display_name_clean(name, UserFactory.create()) == name

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("abc\u202edef", "invisible_characters"),
            ("abc\u2066def\u2069", "invisible_characters"),
            ("\u200e", "invisible_characters"),
            ("a\u200bb", "invisible_characters"),
            ("a\u200db", "invisible_characters"),
            ("\ufeffname", "invisible_characters"),
            ("na\u00adme", "invisible_characters"),
            ("\u2800", "invisible_characters"),
            ("\u3164", "invisible_characters"),
            ("\u0301", "invisible_characters"),
            ("a\x07b", "invisible_characters"),
            ("a\ud800", "invisible_characters"),
            ("\ue000", "invisible_characters"),
            ("a\u0378", "invisible_characters"),
            ("\U000e0041x", "invisible_characters"),
            ("Z\u0351\u036b\u0343\u036a\u0302algo", "too_many_marks"),
            ("x" * 51, "too_long"),
        ],
    )
    def test_what_cannot_be_seen_or_read_is_refused(self, name: str, code: str) -> None:
        assert code_of(display_name_clean, name, UserFactory.create()) == code

    def test_spaces_count_as_one_and_letters_are_composed(self) -> None:
        assert line_clean("  a \u00a0\u3000 b\n") == "a b"
        assert line_clean("Zoe\u0308") == "Zoë"
        assert paragraphs_clean("a  b \r\n\r\n\r\n\r\n c\t d ") == "a b\n\nc d"


def test_search_names_fold() -> None:
    assert search_text("  ＡＬЁНА ß ") == "alена ss"
    assert search_name_of("Hoshino", "星野 アイ") == "\nhoshino\n星野 アイ\n"
    assert len(search_name_of("x" * 30, "\ufdfa" * 50)) <= 200


def normal_forms(sent: str, field: str) -> list[str]:
    """What a text may be stored as: spaces counted as one, in NFC; nothing where it is refused."""
    with contextlib.suppress(ValidationError):
        return [line_clean(sent) if field == "display_name" else paragraphs_clean(sent)]
    return []


@pytest.mark.data
def test_naughty_strings_are_refused_or_come_back_as_they_are(client: Client) -> None:
    """Through the service into a page and the API: never a fault, never live HTML, stored text is what was sent."""
    strings: list[str] = json.loads((Path(os.environ["HIROBA_DATA"]) / "chat" / "blns.json").read_text())
    user = UserFactory.create(username="naughty_x")
    kept, before = 0, dict[str, str]()
    for text in strings:
        for field, limit in (("display_name", 50), ("bio", 500)):
            sent = text[:limit]
            cache.clear()  # the limit of profiles a minute
            with contextlib.suppress(ValidationFailed):
                profile_update(user=user, **{field: sent})  # type: ignore[arg-type]
                kept += 1
            stored = User.objects.get(pk=user.pk)
            expected = getattr(stored, field)
            assert expected in ("", *normal_forms(sent, field)) or expected == before.get(field)
            before[field] = expected
            assert client.get("/api/v1/users/naughty_x").json()[field] == expected
            page = client.get("/users/naughty_x")
            assert page.status_code == 200
            main = page.content.decode().partition("<main")[2].partition("</main>")[0]
            assert not any(live in main.lower() for live in ("<script", 'onerror="', "<img", 'javascript:"', "<iframe"))
    assert kept > len(strings)
