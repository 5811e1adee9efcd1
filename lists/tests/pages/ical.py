"""A strict reader of iCalendar for tests (RFC 5545): it refuses what a careful calendar program refuses."""

import re
from dataclasses import dataclass, field

_LINE = re.compile(r"([A-Z][A-Z0-9-]*)((?:;[A-Z-]+=[^;:\",]+)*):(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)")
_MEANING = {"n": "\n", "N": "\n", "\\": "\\", ",": ",", ";": ";"}
_TEXTS = {"SUMMARY", "NAME", "X-WR-CALNAME"}
_STAMP, _DATE = re.compile(r"\d{8}T\d{6}Z"), re.compile(r"\d{8}")


@dataclass
class Component:
    """`BEGIN:name` to `END:name`: its properties by name, and what stands inside of it."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    inside: list["Component"] = field(default_factory=list)


def ical_read(body: bytes) -> Component:
    """The calendar; fails on wrong line ends, lines above 75 bytes, bare commas, properties twice, odd times."""
    assert body.endswith(b"\r\n")
    assert b"\r" not in body.replace(b"\r\n", b"")
    assert b"\n" not in body.replace(b"\r\n", b"")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75, line
        line.decode()  # no character is cut in two
    lines = body.decode().replace("\r\n ", "").split("\r\n")[:-1]
    root = Component("")
    stack = [root]
    for line in lines:
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]", line), repr(line)
        found = _LINE.fullmatch(line)
        assert found, f"no property: {line!r}"
        name, parameters, value = found.groups()
        if name == "BEGIN":
            stack[-1].inside.append(Component(value))
            stack.append(stack[-1].inside[-1])
        elif name == "END":
            assert stack.pop().name == value
        else:
            assert name not in stack[-1].values, f"{name} twice"
            stack[-1].values[name] = _value(name, parameters, value)
            stack[-1].parameters[name] = parameters
    assert stack == [root]
    (calendar,) = root.inside
    assert calendar.name == "VCALENDAR"
    assert calendar.values["VERSION"] == "2.0"
    assert calendar.values["PRODID"]
    for event in calendar.inside:
        assert event.name == "VEVENT"
        assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= event.values.keys()
    uids = [event.values["UID"] for event in calendar.inside]
    assert len(uids) == len(set(uids))
    return calendar


def _value(name: str, parameters: str, value: str) -> str:
    if name in _TEXTS:
        assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", value), f"bare , or ; in {value!r}"
        return _ESCAPE.sub(lambda found: _MEANING[found[1]], value)
    if name.startswith("DT"):
        assert (_DATE if parameters == ";VALUE=DATE" else _STAMP).fullmatch(value), value
    return value
