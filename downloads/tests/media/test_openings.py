"""Openings and endings are found by their sound, wherever in the episodes they lie."""

import wave

import numpy as np
import pytest

from downloads.errors import MediaBroken
from downloads.media.openings import Marks, openings_find
from downloads.media.sound import SAMPLE_RATE, Fingerprint, samples_fingerprint, sound_fingerprint
from downloads.tests.media_files import MediaFiles

pytestmark = pytest.mark.once
OFFSETS = (5.0, 20.13, 61.37, 0.0)
LENGTH = 180.0
OPENING, ENDING = 30.0, 25.0


def music(seconds: float, seed: int) -> np.ndarray:
    """Chords of four tones that change four times a second, over a little noise."""
    random = np.random.default_rng(seed)
    count, step = int(seconds * SAMPLE_RATE), SAMPLE_RATE // 4
    found = random.normal(0, 0.004, count)
    time = np.arange(step * 2) / SAMPLE_RATE
    for start in range(0, count - step, step):
        tones = random.choice(np.geomspace(150, 3500, 60), 4)
        chord = sum(np.sin(2 * np.pi * tone * time) * random.uniform(0.3, 1) for tone in tones) * np.exp(-3 * time)
        found[start : start + 2 * step] += 0.08 * chord[: count - start]
    return found


def samples(sound: np.ndarray) -> np.ndarray:
    return (np.clip(sound, -1, 1) * 32767).astype("<i2")


@pytest.fixture(scope="module")
def episodes() -> list[np.ndarray]:
    """Four: the same 30 s at `OFFSETS`, the same 25 s before their ends."""
    made = []
    for number, offset in enumerate(OFFSETS):
        sound = music(LENGTH, 10 + number)
        for start, part in ((offset, music(OPENING, 1)), (ending_of(number), music(ENDING, 2))):
            first = int(start * SAMPLE_RATE)
            sound[first : first + len(part)] = part
        made.append(samples(sound))
    return made


def ending_of(number: int) -> float:
    return LENGTH - ENDING - 3.3 * number - 1


def test_openings_and_endings(episodes: list[np.ndarray]) -> None:
    found = openings_find([samples_fingerprint(episode) for episode in episodes])
    errors = []
    for number, (marks, offset) in enumerate(zip(found, OFFSETS, strict=True)):
        assert marks.opening
        assert marks.ending
        errors += [marks.opening.start - offset, marks.opening.end - offset - OPENING]
        errors += [marks.ending.start - ending_of(number), marks.ending.end - ending_of(number) - ENDING]
        assert min(marks.opening.confidence, marks.ending.confidence) > 80
    assert max(abs(error) for error in errors) < 0.5, errors


def test_through_two_encoders(episodes: list[np.ndarray], media_files: MediaFiles) -> None:
    """One as AAC with 48 kbit/s beside one as MP3 with 64: the edges stay within half a second."""
    prints = []
    for number, (codec, suffix) in enumerate((("aac", "mp4"), ("libmp3lame", "mp3"))):
        path = media_files.folder / f"episode{number}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes(episodes[number][: 80 * SAMPLE_RATE].tobytes())
        rate = ["-b:a", "48k" if codec == "aac" else "64k", "-ar", "22050"]
        prints.append(
            sound_fingerprint(media_files.make(f"episode{number}.{suffix}", "-i", str(path), "-c:a", codec, *rate))
        )
    for marks, offset in zip(openings_find(prints), OFFSETS, strict=False):
        assert marks.opening
        assert abs(marks.opening.start - offset) < 0.5
        assert abs(marks.opening.end - offset - OPENING) < 0.5


def test_nothing_in_common() -> None:
    others = [samples_fingerprint(samples(music(90, 50 + number))) for number in range(3)]
    silent = [samples_fingerprint(np.zeros(90 * SAMPLE_RATE, "<i2")) for _number in range(2)]
    assert openings_find([*others, *silent]) == [Marks()] * 5
    assert openings_find([]) == []
    assert openings_find(others[:1]) == [Marks()]


def test_a_fingerprint_is_kept_as_bytes(episodes: list[np.ndarray]) -> None:
    made = samples_fingerprint(episodes[0][: SAMPLE_RATE * 10])
    again = Fingerprint.from_bytes(made.to_bytes())
    assert np.array_equal(again.bits, made.bits)
    assert np.array_equal(again.heard, made.heard)
    with pytest.raises(ValueError, match="no fingerprint"):
        Fingerprint.from_bytes(b"1234567")


def test_a_file_without_sound(media_files: MediaFiles) -> None:
    with pytest.raises(MediaBroken):
        sound_fingerprint(media_files.video)
