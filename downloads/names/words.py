"""The words of release names: what each tells, in the languages that fan groups write.

A `Word` is (field, value, is_strong). A strong word ends a title wherever it stands in the running text; a weak one (an
ordinary word or a language) counts only inside brackets and behind the episode's number.
"""

from typing import Final, TypeAlias

Value: TypeAlias = str | int
Word: TypeAlias = tuple[str, Value, bool]

META: Final[dict[str, Word]] = {}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _add(field: str, words: str, value: Value | None = None, *, is_strong: bool = True) -> None:
    for word in words.split():
        META[word] = (field, word if value is None else value, is_strong)


_add(
    "video",
    "x264 x265 h264 h265 h.264 h.265 x.264 x.265 hevc avc av1 vp9 xvid divx divx5 divx6 mpeg2 mpeg4 wmv3 wmv9 rv9 rv10 10bit"
    " 8bit 10-bit 8-bit 12bit hi10 hi10p hi444 hi444p hi444pp ma10p main10 yuv420p10 hdr hdr10 hdr10+ 60fps 30fps"
    " 24fps 120fps"
    " 23.976fps sdr hq hqr",
)
_add(
    "audio",
    "aac aac2 aacx2 aacx3 he-aac ac3 eac3 e-ac3 ddp ddp2 ddp5 dd2 dd5 dts dts-es dts-hd dtshd dts-hdma dts5.1 flac flacx2"
    " truehd truehd5.1 lpcm pcm opus vorbis ogg mp3 2ch 6ch 5.1ch 7.1ch 2.0ch atmos alac dd2.0 dd5.1 ddp5.1 ddp2.0 aac2.0"
    " aac5.1 flac2.0 flac5.1 opus2.0 opus5.1 dualaudio multiaudio multi-audio dual-audio",
)
_add("source", "bd bdrip bdremux bdmv bluray blu-ray bdraw bd-rip bd25 bd50 brrip", "BD")
_add("source", "dvd dvdrip dvd5 dvd9 dvd-r2j r2dvd r2j r2dvdrip dvd-rip dvdremux dvdiso", "DVD")
_add("source", "web-dl webdl webrip web-rip webcast webcap", "WEB")
_add("source", "hdtv hdtvrip tvrip tv-rip dtvrip tv-dtv dvb dvbrip", "TV")
_add("source", "vhs vhsrip vcd svcd ld ldrip laserdisc", "VHS")
_add(
    "source",
    "web cr amzn nf dsnp hidive bilibili b-global abema crunchyroll netflix funimation",
    "WEB",
    is_strong=False,
)
_add("source", "iqiyi dl viki", "WEB", is_strong=False)
_add("source", "blu ray", "BD", is_strong=False)
_add("source", "bs11 at-x mbs tbs mx ntv cx wowow", "TV", is_strong=False)
_add("resolution", "4k uhd 4kuhd", 2160)
_add("resolution", "8k", 4320)
_add("resolution", "fhd fullhd", 1080)
_add("container", "mkv mp4 avi rmvb wmv flv ts m2ts", is_strong=False)
_add(
    "release",
    "remux repack proper batch hi10-bit vostfr subfrench multisub multisubs multi-subs multi-sub softsub softsubs",
)
_add("release", "hardsub hardsubs hardsubbed uncensored softsubbed")
_add("release", "end fin final complete uncut decensored remastered patch rev internal remaster hd", is_strong=False)
_add("release", "sample", is_strong=False)
_add("type", "tv movie gekijouban film ova oad ona oav special specials", is_strong=False)
_add("genre", "国漫 新番 动漫 動畫 动画 更新 连载 完结 全集 1月新番 4月新番 7月新番 10月新番", is_strong=False)

# Languages that a release is in. Two-letter tags are only looked for in brackets and behind the number.
LANGUAGES: Final[dict[str, str]] = {
    "jp": "ja",
    "ja": "ja",
    "jpn": "ja",
    "jap": "ja",
    "japanese": "ja",
    "en": "en",
    "eng": "en",
    "english": "en",
    "ger": "de",
    "de": "de",
    "deu": "de",
    "german": "de",
    "deutsch": "de",
    "fr": "fr",
    "fre": "fr",
    "fra": "fr",
    "french": "fr",
    "vf": "fr",
    "vostfr": "fr",
    "subfrench": "fr",
    "truefrench": "fr",
    "es": "es",
    "esp": "es",
    "spa": "es",
    "spanish": "es",
    "español": "es",
    "castellano": "es-ES",
    "latino": "es-419",
    "lat": "es-419",
    "it": "it",
    "ita": "it",
    "italian": "it",
    "pt": "pt",
    "por": "pt",
    "portuguese": "pt",
    "pt-br": "pt-BR",
    "ptbr": "pt-BR",
    "br": "pt-BR",
    "ru": "ru",
    "rus": "ru",
    "russian": "ru",
    "pl": "pl",
    "pol": "pl",
    "polish": "pl",
    "ar": "ar",
    "ara": "ar",
    "arabic": "ar",
    "tr": "tr",
    "tur": "tr",
    "turkish": "tr",
    "id": "id",
    "ind": "id",
    "indonesian": "id",
    "indo": "id",
    "vi": "vi",
    "vie": "vi",
    "vietnamese": "vi",
    "th": "th",
    "tha": "th",
    "thai": "th",
    "ko": "ko",
    "kr": "ko",
    "kor": "ko",
    "korean": "ko",
    "zh": "zh",
    "chi": "zh",
    "chs": "zh-Hans",
    "gb": "zh-Hans",
    "sc": "zh-Hans",
    "简体": "zh-Hans",
    "简": "zh-Hans",
    "cht": "zh-Hant",
    "big5": "zh-Hant",
    "tc": "zh-Hant",
    "繁體": "zh-Hant",
    "繁体": "zh-Hant",
    "nl": "nl",
    "dut": "nl",
    "dutch": "nl",
    "hu": "hu",
    "hun": "hu",
    "cz": "cs",
    "cze": "cs",
    "ua": "uk",
    "ukr": "uk",
    "hindi": "hi",
    "hin": "hi",
    "tam": "ta",
    "tamil": "ta",
    "chinese": "zh",
}
for _word, _language in LANGUAGES.items():
    META.setdefault(_word, ("language", _language, False))

_add("variant", "dub dubbed dublado doblado synchro synchronisiert gerdub engdub itadub", "dub", is_strong=False)
_add(
    "variant",
    "sub subs subbed subtitled legendado subtitulado gersub engsub itasub untertitel vosta",
    "sub",
    is_strong=False,
)
_add("variant", "raw raws", "raw", is_strong=False)
_add("variant", "dual multi audio", "", is_strong=False)
# A language and a variant in one word.
JOINED: Final[dict[str, tuple[str, str]]] = {
    "gerdub": ("de", "dub"),
    "gersub": ("de", "sub"),
    "engdub": ("en", "dub"),
    "engsub": ("en", "sub"),
    "itadub": ("it", "dub"),
    "itasub": ("it", "sub"),
    "vostfr": ("fr", "sub"),
    "subfrench": ("fr", "sub"),
    "vosta": ("en", "sub"),
    "vf": ("fr", "dub"),
    "truefrench": ("fr", "dub"),
    "dublado": ("pt-BR", "dub"),
    "legendado": ("pt-BR", "sub"),
    "castellano": ("es-ES", "dub"),
}
DUAL: Final = _words("dual dualaudio dual-audio multiaudio multi-audio")

# Words that name what a file is. Short ones count in running text only when they are written in capitals.
KINDS: Final[dict[str, str]] = {
    **dict.fromkeys(
        ("op", "ed", "ncop", "nced", "opening", "ending", "creditless", "nc", "op/ed", "textless"), "credits"
    ),
    **dict.fromkeys(("pv", "cm", "trailer", "trailers", "teaser", "preview", "promo", "spot"), "trailer"),
    **dict.fromkeys(
        ("sp", "sps", "ex", "special", "specials", "ova", "ovas", "oad", "oads", "oav", "omake", "picture drama"),
        "special",
    ),
    **dict.fromkeys(
        ("menu", "menus", "interview", "bonus", "extra", "extras", "making", "featurette", "featurettes"), "other"
    ),
    **dict.fromkeys(("iv", "logo", "scans", "clip", "clips", "mv", "sample", "behind the scenes"), "other"),
    **dict.fromkeys(("parody", "parodies"), "parody"),
}
CAPITALS: Final = _words("op ed pv cm sp ex nc mv")
# Words that say too little of a free-standing title to be a kind without a number right behind.
NUMBERED: Final = _words("opening ending extra spot clip bonus omake making logo iv nc")
# Kinds that a group of digits may be glued to: "NCOP1", "SP03", "OVA2.5".
RANK: Final = ("credits", "trailer", "other", "parody", "special")

EPISODE_WORDS: Final = _words(
    "e ep eps episode episodes epi episodio episodios episódio episódios épisode épisodes capitulo capítulo cap"
    " folge folgen avsnitt aflevering odcinek odc puntata bölüm bolum rész díl jakso tập tap eps. серия серии серія"
    " серії эпизод выпуск ตอนที่ ตอน الحلقة حلقة επεισόδιο פרק"
)
SEASON_WORDS: Final = _words(
    "season seasons saison staffel temporada stagione sezon sezonas seizoen sesong säsong sæson évad kausi série"
    " serie сезон mùa phần ภาค الموسم"
)
PART_WORDS: Final = _words("part cour teil partie parte часть")
VOLUME_WORDS: Final = _words("vol volume vol. disc disk том")
# A number right behind these belongs to the title or counts something else.
NOT_BEFORE_EPISODE: Final = _words(
    "movie movies film gekijouban the no no. ver version version. part vol vol. volume type class area chapter world"
)
ORDINALS: Final[dict[str, int]] = {
    word: number
    for number, words in enumerate(
        (
            "first",
            "second zweite deuxième segunda",
            "third dritte troisième tercera",
            "fourth vierte cuarta",
            "fifth",
            "sixth",
        ),
        1,
    )
    for word in words.split()
}
ROMANS: Final[dict[str, int]] = {"II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}
# Ends of "Complete Version": they follow a release word and tell nothing.
FILLERS: Final = _words("version edition cut collection series box set ver batch season")

EXTENSIONS: Final = _words(
    "mkv mp4 m4v avi ogm ogg mov wmv rm rmvb flv f4v ts m2ts mts webm mpg mpeg vob divx asf 3gp iso mka mp3 flac aac"
    " m4a opus ass ssa srt vtt sub idx sup nfo txt zip rar 7z torrent part"
)

__all__ = [
    "CAPITALS",
    "DUAL",
    "EPISODE_WORDS",
    "EXTENSIONS",
    "FILLERS",
    "JOINED",
    "KINDS",
    "META",
    "NOT_BEFORE_EPISODE",
    "NUMBERED",
    "ORDINALS",
    "PART_WORDS",
    "RANK",
    "ROMANS",
    "SEASON_WORDS",
    "VOLUME_WORDS",
    "Value",
    "Word",
]
