"""The sound of the demo series, from arithmetic: plucked strings and babble for the original, a music box for the dub."""

import math
import wave
from pathlib import Path

import numpy as np
from story import Episode

RATE = 24_000
"""Samples a second."""

Sound = np.ndarray

SCALES = {"ja": (0, 1, 5, 7, 8), "en": (0, 2, 4, 7, 9)}
"""Miyako-bushi for the original, the major pentatonic for the dub: semitones above the key."""

KEYS = {"ja": 64, "en": 65}
"""MIDI note of the key."""

VOICES = {"tomo": (390.0, 9.0), "sumi": (205.0, 6.5), "hana": (310.0, 8.0), "narrator": (150.0, 6.0)}
"""By speaker: the pitch in Hz and the syllables a second."""

VOWELS = ((800, 1250), (320, 2300), (350, 1150), (480, 1950), (500, 900))
"""The two formants, in Hz, of a, i, u, e, o."""


def hertz(note: float) -> float:
    """The pitch of a MIDI note."""
    return 440.0 * 2 ** ((note - 69) / 12)


def pluck(note: float, seconds: float, dice: np.random.Generator) -> Sound:
    """A string after Karplus and Strong: noise that goes round and loses its edges, a period at a time."""
    period = round(RATE / hertz(note))
    string = dice.uniform(-1, 1, period)
    string = (string + np.roll(string, 1) + np.roll(string, 2)) / 3
    turns = []
    for _ in range(int(seconds * RATE / period) + 1):
        turns.append(string)
        string = 0.994 * (0.5 * string + 0.5 * np.roll(string, 1))
    return np.concatenate(turns)[: int(seconds * RATE)]


def chime(note: float, seconds: float) -> Sound:
    """A tooth of a music box: three partials that fade, the high ones first."""
    now = np.arange(int(seconds * RATE)) / RATE
    base = hertz(note)
    tone = np.sin(math.tau * base * now) * np.exp(-now * 2.6)
    tone += 0.35 * np.sin(math.tau * base * 3.01 * now) * np.exp(-now * 6)
    tone += 0.12 * np.sin(math.tau * base * 6.1 * now) * np.exp(-now * 14)
    return tone * np.minimum(1, now * 400)


def pad(notes: list[float], seconds: float) -> Sound:
    """A soft chord that swells and goes."""
    now = np.arange(int(seconds * RATE)) / RATE
    swell = np.sin(math.pi * np.minimum(1, now / seconds)) ** 1.2
    chord = sum(np.sin(math.tau * hertz(note) * now + 0.003 * np.sin(now * 5)) for note in notes)
    return chord * swell / len(notes)


def syllable(pitch: float, vowel: tuple[int, int], seconds: float) -> Sound:
    """One vowel: harmonics weighed by two formants."""
    now = np.arange(int(seconds * RATE)) / RATE
    glide = pitch * (1 + 0.05 * np.sin(math.pi * now / seconds))
    phase = math.tau * np.cumsum(glide) / RATE
    tone = np.zeros_like(now)
    for harmonic in range(1, int(3600 / pitch)):
        frequency = harmonic * pitch
        weight = sum(math.exp(-(((frequency - formant) / 190) ** 2)) for formant in vowel) + 0.06 / harmonic
        tone += weight * np.sin(harmonic * phase)
    return tone * np.sin(math.pi * np.minimum(1, now / seconds)) ** 0.7


def mix_in(track: Sound, sound: Sound, at: float, level: float) -> None:
    """Add `sound` to `track` from `at` seconds on, cut where the track ends."""
    start = int(at * RATE)
    room = len(track) - start
    if room > 0:
        track[start : start + min(room, len(sound))] += level * sound[:room]


def _melody(dice: np.random.Generator, count: int) -> list[int]:
    """Scale steps that wander around the middle, in phrases of eight that come back: A A B A."""

    def phrase() -> list[int]:
        steps, place = [], int(dice.integers(3, 8))
        for _ in range(8):
            steps.append(place)
            place = int(np.clip(place + dice.choice([-2, -1, -1, 0, 1, 1, 2]), 0, 10))
        return steps

    first, second = phrase(), phrase()
    whole = [*first, *first[:6], first[0], 2, *second, *first[:7], 0]
    return [whole[number % len(whole)] for number in range(count)]


def play(track: Sound, language: str, start: float, end: float, mood: str, seed: int) -> None:
    """Music from `start` to `end` seconds: `mood` is `calm`, `song` (opening) or `rest` (ending)."""
    dice = np.random.default_rng(seed)
    scale, key = SCALES[language], KEYS[language]
    beat = {"calm": 0.78, "song": 0.375, "rest": 0.9}[mood] * (1.0 if language == "ja" else 0.9)
    level = {"calm": 0.34, "song": 0.5, "rest": 0.4}[mood]

    def note(step: int) -> float:
        return key + 12 * (step // 5) + scale[step % 5]

    for number, step in enumerate(_melody(dice, int((end - start) / beat))):
        at = start + number * beat + float(dice.uniform(-0.01, 0.01))
        if mood == "song" or number % 4 == 0 or dice.random() < 0.62:
            ring = min(2.2, end - at)
            sound = pluck(note(step), ring, dice) if language == "ja" else chime(note(step) + 12, ring)
            mix_in(
                track, sound, max(0.0, at), level * (2.0 if language == "ja" else 1.0) * (0.9 if number % 2 else 1.0)
            )
        if number % 8 == 0:
            root = (0, 3, 1, 2)[(number // 8) % 4]
            chord = [note(root) - 12, note(root + 2) - 12, note(root + 4) - 12]
            mix_in(track, pad(chord, min(beat * 8, end - at)), at, level * 0.3)
        if mood == "song" and number % 2 == 0:
            bass = note((0, 3, 1, 2)[(number // 8) % 4]) - 24
            sound = pluck(bass, 0.7, dice) if language == "ja" else chime(bass + 12, 0.7)
            mix_in(track, sound, at, level * 0.7)


def speak(track: Sound, episode: Episode, language: str) -> None:
    """Babble for every line: as many syllables as fit, a question rising at its end; the dub speaks lower."""
    for number, line in enumerate(episode.lines):
        dice = np.random.default_rng(1000 * episode.number + number)
        pitch, pace = VOICES[line.who]
        pitch *= 1.0 if language == "ja" else 0.82
        words = line.words[language]
        count = min(int((line.end - line.start - 0.5) * pace), max(5, len(words) * 2 // (3 if language == "en" else 2)))
        question = words.endswith(("?", "？"))
        for place in range(count):
            lift = (
                1
                + 0.12 * float(dice.standard_normal()) * 0.6
                + (0.3 * max(0, place - count + 3) / 3 if question else 0)
            )
            vowel = VOWELS[int(dice.integers(5))]
            if dice.random() < 0.12:
                continue
            at = line.start + 0.15 + place / pace
            mix_in(track, syllable(pitch * lift, vowel, 0.86 / pace), at, 0.16)


def weather(track: Sound, start: float, end: float, fade: float) -> None:
    """Rain: dull noise from `start`, thinning from `fade` to `end` seconds."""
    dice = np.random.default_rng(77)
    noise = dice.standard_normal(int((end - start) * RATE))
    noise = np.convolve(noise, np.hanning(9) / 4.5, mode="same")
    now = start + np.arange(len(noise)) / RATE
    level = np.interp(now, [start, start + 1, fade, end], [0, 1, 1, 0])
    mix_in(track, noise * level, start, 0.022)


def crackers(track: Sound, moments: list[float]) -> None:
    """Fireworks far away: a thud each."""
    dice = np.random.default_rng(99)
    for at in moments:
        now = np.arange(int(0.9 * RATE)) / RATE
        thud = np.sin(math.tau * 62 * now * np.exp(-now)) * np.exp(-now * 6)
        thud += 0.25 * dice.standard_normal(len(now)) * np.exp(-now * 9)
        mix_in(track, thud, at, 0.2)


def soundtrack(episode: Episode, language: str) -> Sound:
    """The whole track of an episode, between -1 and 1; `language` is `ja` (the original) or `en` (the dub)."""
    track = np.zeros(int(episode.duration * RATE))
    opens, ends = episode.opening, episode.ending
    seed = 10 * episode.number + (0 if language == "ja" else 5)
    play(track, language, 0.2, opens[0] - 0.2, "calm", seed + 1)
    play(track, language, opens[0], opens[1], "song", 4 if language == "ja" else 8)
    play(track, language, opens[1] + 0.3, ends[0] - 0.4, "calm", seed + 2)
    play(track, language, ends[0], episode.duration - 0.5, "rest", seed + 3)
    speak(track, episode, language)
    if episode.number == 2:
        weather(track, 0, opens[0], opens[0])
        weather(track, opens[1], 56, 49)
    if episode.number == 3:
        crackers(track, [49.6 + 0.9 * number for number in range(20)])
    edge = np.minimum(1, np.arange(len(track)) / (0.3 * RATE))
    track *= edge * edge[::-1]
    return 0.8 * np.tanh(1.1 * track / max(0.2, float(np.percentile(np.abs(track), 99.7))))


def soundtrack_write(episode: Episode, language: str, path: Path) -> None:
    """Write the track as 16-bit mono WAV."""
    samples = (soundtrack(episode, language) * 32_767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
