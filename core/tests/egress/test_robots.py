"""robots.txt: which rules hold for us, how they match, and when a host is left alone."""

import pytest

from core import egress
from core.egress.robots import pattern_matches, rules_allow, rules_read
from core.tests.egress.servers import answer, policy_for, serving

TEXT = """
User-agent: GoodBot
User-agent: Hiroba   # us
Disallow: /private
Allow: /private/open
Disallow: /*.php$

User-agent: *
Disallow: /
"""


@pytest.mark.parametrize(
    ("path", "is_allowed"),
    [("/", True), ("/private/x", False), ("/private/open/x", True), ("/a/b.php", False), ("/a/b.php?x=1", True)],
)
def test_the_longest_rule_of_our_group_decides(path: str, is_allowed: bool) -> None:
    assert rules_allow(rules_read(TEXT), path) is is_allowed


def test_without_a_group_for_us_the_star_holds() -> None:
    rules = rules_read("User-agent: Other\nDisallow: /\n\nUser-agent: *\nDisallow: /no\nDisallow:\n")
    assert [rules_allow(rules, path) for path in ("/yes", "/no/x")] == [True, False]


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/a*b*c", "/a1b2c3", True),
        ("/a*b*c$", "/a1b2c3", False),
        ("/a*b*c$", "/abcc", True),
        ("/a*a$", "/a", False),
        ("*", "/x", True),
        ("/a$", "/a", True),
        ("/a$", "/ab", False),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert pattern_matches(pattern, path) is matches


def test_a_disallowed_path_is_not_asked_for_and_robots_is_asked_once() -> None:
    def handle(connection, head: bytes) -> None:  # type: ignore[no-untyped-def]
        body = b"User-agent: *\nDisallow: /no" if b"/robots.txt" in head else b"page"
        answer(body)(connection, head)

    with serving(handle) as server:
        policy, base = policy_for(server, obeys_robots=True), f"http://127.0.0.1:{server.port}"
        assert egress.fetch(f"{base}/yes", policy=policy).body == b"page"
        with pytest.raises(egress.EgressRobots):
            egress.fetch(f"{base}/no", policy=policy)
        assert egress.fetch(f"{base}/also", policy=policy).body == b"page"
    assert [head.split()[1] for head in server.requests] == [b"/robots.txt", b"/yes", b"/also"]


@pytest.mark.parametrize(("status", "is_read"), [("404 Not Found", True), ("500 Oops", False)])
def test_no_robots_allows_and_a_broken_one_forbids(status: str, is_read: bool) -> None:
    def handle(connection, head: bytes) -> None:  # type: ignore[no-untyped-def]
        reply = answer(b"", status=status) if b"/robots.txt" in head else answer(b"page")
        reply(connection, head)

    with serving(handle) as server:
        policy = policy_for(server, obeys_robots=True)
        if is_read:
            assert egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy).body == b"page"
        else:
            for _turn in range(2):
                with pytest.raises(egress.EgressRobotsUnknown) as caught:
                    egress.fetch(f"http://127.0.0.1:{server.port}/", policy=policy)
                assert caught.value.retry_after == 600
            assert len(server.requests) == 1
