"""The same cover is told again after what other sites do to it, other covers are not, and nothing hostile comes through."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image, ImageDraw

from core.media.errors import ImageTooLarge, ImageUnreadable
from providers.covers.hashing import ALIKE, SAME, cover_hash, distance
from providers.tests.covers.pictures import COPIES, cover_draw, jpeg, saved

pytestmark = pytest.mark.once
COVERS = 20


@pytest.fixture(scope="module")
def covers():
    return [cover_draw(seed) for seed in range(COVERS)]


@pytest.mark.parametrize("copy", [name for name in COPIES if name != "letterboxed"])
def test_a_copy_is_the_same_cover(covers, copy):
    far = [distance(cover_hash(jpeg(cover)), cover_hash(COPIES[copy](cover))) for cover in covers]
    assert max(far) <= SAME


def test_different_covers_are_not_even_alike(covers):
    hashes = [cover_hash(jpeg(cover)) for cover in covers]
    nearest = min(distance(one, other) for place, one in enumerate(hashes) for other in hashes[:place])
    assert nearest > ALIKE


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("WEBP", {"quality": 70}), ("AVIF", {"quality": 60}), ("GIF", {}), ("JPEG", {"progressive": True})],
)
def test_the_format_of_the_file_does_not_matter(covers, kind, options):
    for cover in covers[:2]:
        assert distance(cover_hash(jpeg(cover)), cover_hash(saved(cover, kind, **options))) <= 4


def test_a_hash_fits_into_a_signed_column():
    hashes = [cover_hash(jpeg(cover_draw(seed))) for seed in range(12)]
    assert min(hashes) < 0 < max(hashes)
    assert all(-(2**63) <= value < 2**63 for value in hashes)


@pytest.mark.parametrize(
    ("first", "second", "wanted"), [(0, 0, 0), (0, -1, 64), (-(2**63), 0, 1), (-(2**63), 2**63 - 1, 64), (5, 6, 2)]
)
def test_distances_count_the_sign_as_a_bit(first, second, wanted):
    assert distance(first, second) == distance(second, first) == wanted


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "CMYK", "P", "I;16", "1"])
def test_every_kind_of_pixels_is_read(covers, mode):
    plain = covers[0].convert("L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(plain, np.uint16) * 256)
    else:
        image = (plain.convert("RGB") if mode in ("CMYK", "P") else plain).convert(mode)
    found = cover_hash(saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert distance(found, cover_hash(saved(plain, "PNG"))) <= (16 if mode == "1" else 2)


def test_what_shines_through_is_white():
    drawn = Image.new("RGBA", (300, 420), (0, 0, 0, 0))
    ImageDraw.Draw(drawn).ellipse((30, 60, 210, 300), fill=(40, 40, 160, 255))
    page = Image.new("RGB", drawn.size, "white")
    page.paste(drawn, mask=drawn)
    assert distance(cover_hash(saved(drawn, "PNG")), cover_hash(saved(page, "PNG"))) == 0


def test_a_turned_cover_is_turned_back(covers):
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = covers[1].transpose(Image.Transpose.ROTATE_90)
    assert distance(cover_hash(jpeg(covers[1])), cover_hash(saved(turned, quality=90, exif=exif))) <= 4


def test_of_an_animation_the_first_frame_counts(covers):
    animation = saved(covers[0], "GIF", save_all=True, append_images=[covers[1], covers[2]])
    assert distance(cover_hash(animation), cover_hash(jpeg(covers[0]))) <= 4


@pytest.mark.parametrize("colour", ["black", "white", "#7a6050"])
def test_a_picture_of_one_colour_says_nothing(colour):
    flat = Image.new("RGB", (300, 420), colour)
    assert cover_hash(jpeg(flat)) is None
    assert cover_hash(saved(flat, "PNG")) is None
    assert cover_hash(jpeg(Image.new("RGB", (1, 1), colour))) is None


def test_grain_alone_says_nothing():
    grain = np.random.default_rng(7).normal(128, 10, (420, 300, 3)).clip(0, 255).astype(np.uint8)
    assert cover_hash(jpeg(Image.fromarray(grain))) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        b"<html>blocked</html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n",
        b"BM" + bytes(60),
        b"\x89PNG\r\n\x1a\n" + bytes(64),
        b"RIFF\x00\x00\x00\x00WEBPVP8 ",
        b"\x00\x00\x00\x1cftypavif" + bytes(40),
    ],
)
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ImageUnreadable):
        cover_hash(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_file_is_refused(covers, kind):
    whole = saved(covers[0], kind)
    with pytest.raises(ImageUnreadable):
        cover_hash(whole[: len(whole) // 2])


def test_a_damaged_file_is_refused_or_hashed_never_more(covers):
    whole, chance = bytearray(jpeg(covers[0])), np.random.default_rng(3)
    outcomes = set()
    for _turn in range(60):
        damaged = bytearray(whole)
        for place in chance.integers(0, len(whole), 20):
            damaged[place] ^= 0xFF
        try:
            outcomes.add(type(cover_hash(bytes(damaged))))
        except (ImageUnreadable, ImageTooLarge) as error:
            outcomes.add(type(error))
    assert outcomes <= {int, type(None), ImageUnreadable, ImageTooLarge}


@pytest.mark.parametrize("size", [(30_000, 30_000), (6_000, 6_000), (12_500, 1_500)])
def test_a_bomb_is_refused_before_it_is_decoded(size):
    frame = struct.pack(">HBHHB", 17, 8, size[1], size[0], 3) + b"\x01\x22\x00\x02\x11\x01\x03\x11\x01"
    with pytest.raises(ImageTooLarge):
        cover_hash(b"\xff\xd8\xff\xc0" + frame + b"\xff\xda" + bytes(64))
    head = struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    with pytest.raises(ImageTooLarge):
        cover_hash(b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IDAT" + bytes(4))


def test_a_strip_is_no_cover():
    with pytest.raises(ImageUnreadable):
        cover_hash(jpeg(Image.new("RGB", (2_000, 20), "red")))


def test_a_file_of_17_mib_is_refused():
    with pytest.raises(ImageTooLarge):
        cover_hash(b"\xff\xd8\xff" + bytes(17 * 1024 * 1024))


def test_who_never_hashes_does_not_carry_numpy():
    code = "import sys, providers.covers.hashing; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_pictures_of_these_tests_are_always_the_same():
    assert jpeg(cover_draw(5)) == jpeg(cover_draw(5))
    assert Image.open(io.BytesIO(jpeg(cover_draw(5)))).size == cover_draw(5).size
