"""The words of the demo series and when they are said: titles, synopses, lines in three languages, openings, endings."""

from dataclasses import dataclass

LANGUAGES = ("en", "ru", "ja")

Words = dict[str, str]
"""The same text by language code."""


def said(en: str, ru: str, ja: str) -> Words:
    """One text in the three languages."""
    return {"en": en, "ru": ru, "ja": ja}


@dataclass(frozen=True)
class Line:
    """Something said from `start` to `end` seconds; who is `narrator`, `tomo`, `sumi` or `hana`."""

    start: float
    end: float
    who: str
    words: Words


@dataclass(frozen=True)
class Episode:
    """One episode; `opening` and `ending` are (start, end) in seconds, `still` is the second its picture is taken from."""

    number: int
    duration: int
    titles: Words
    synopsis: Words
    opening: tuple[int, int]
    ending: tuple[int, int]
    still: float
    lines: tuple[Line, ...]


SERIES_TITLES = said("The Light on the Square", "Огонёк на площади", "広場の灯り")
SERIES_ROMAJI = "Hiroba no Akari"
SERIES_SYNONYMS = ["Hiroba no Tomoshibi", "Lantern Square", "Фонарик на площади"]
SERIES_SYNOPSIS = said(
    "The festival is over and every lantern on the square has gone out, save one. Tomo, a small paper lantern who forgot "
    "how to go dark, makes friends with Sumi, a cat the colour of ink, and with Hana, a girl who writes letters to the "
    "weather. Together they find out what a square is for.",
    "Праздник кончился, и все фонари на площади погасли — все, кроме одного. Томо, маленький бумажный фонарик, который "
    "забыл, как гаснуть, находит друзей: Суми, кошку цвета туши, и Хану, девочку, которая пишет письма погоде. Вместе "
    "они узнают, для чего нужна площадь.",
    "祭りが終わり、広場の灯りはひとつを残して消えた。消え方を忘れた小さな提灯トモは、墨色の猫スミ、そして空模様に手紙を書く"
    "少女ハナと出会う。広場は何のためにあるのか。三つの夜の物語。",
)
SERIES_GENRES = ["Fantasy", "Slice of Life"]
SERIES_STUDIO = "Hiroba"
SERIES_START = "2026-10-04"

SONG = (
    (0.6, 4.2, said("Leave one light on", "Пусть горит один огонёк", "ひとつだけ 灯りを残して")),
    (4.4, 8.0, said("and the square will find you", "и площадь тебя найдёт", "広場がきみを見つけるから")),
    (8.2, 11.8, said("home is round and made of paper", "дом — он круглый, из бумаги", "家はまるくて 紙でできてる")),
)
"""The opening song: seconds after the opening begins. It is twelve seconds long in every episode."""

EPISODES = (
    Episode(
        number=1,
        duration=78,
        titles=said("The Light That Stayed", "Огонёк, который остался", "残った灯り"),
        synopsis=said(
            "The festival ends. One lantern does not know how to go out.",
            "Праздник кончается. Один фонарик не знает, как погаснуть.",
            "祭りの終わり。ひとつの提灯だけが、消え方を知らない。",
        ),
        opening=(6, 18),
        ending=(64, 76),
        still=37.0,
        lines=(
            Line(
                0.8,
                4.8,
                "narrator",
                said(
                    "When a festival ends, the lanterns go out one by one.",
                    "Когда праздник кончается, фонари гаснут один за другим.",
                    "祭りが終わると、提灯はひとつずつ消えていく。",
                ),
            ),
            Line(
                19.0,
                22.0,
                "tomo",
                said("…Has everyone gone home?", "…Все уже разошлись?", "……みんな、帰っちゃったの？"),
            ),
            Line(
                23.5,
                27.0,
                "sumi",
                said(
                    "Everyone but you. Why are you still burning?",
                    "Все, кроме тебя. Почему ты ещё горишь?",
                    "きみ以外はね。どうしてまだ灯ってるの？",
                ),
            ),
            Line(
                28.0, 31.0, "tomo", said("I forgot how to go out.", "Я забыл, как гаснуть.", "消え方、忘れちゃった。")
            ),
            Line(
                32.2,
                36.0,
                "sumi",
                said(
                    "Then come down. The square is nicer from below.",
                    "Тогда спускайся. Снизу площадь красивее.",
                    "じゃあ降りておいで。広場は下から見るほうがいい。",
                ),
            ),
            Line(
                41.5,
                45.0,
                "tomo",
                said(
                    "So many windows. Is each of them a lantern?",
                    "Сколько окон. Каждое из них — фонарь?",
                    "窓がいっぱい。あれもみんな提灯？",
                ),
            ),
            Line(
                46.2,
                49.6,
                "sumi",
                said(
                    "Each one is somebody who stayed up.",
                    "Каждое — кто-то, кому не спится.",
                    "ひとつひとつ、まだ起きてる誰かだよ。",
                ),
            ),
            Line(
                51.5,
                54.5,
                "tomo",
                said("Then I will stay up too.", "Тогда и я не буду спать.", "じゃあ、ぼくも起きてる。"),
            ),
            Line(
                56.0,
                60.5,
                "sumi",
                said(
                    "Good. A square needs one light left on.",
                    "Хорошо. Площади нужен хотя бы один огонёк.",
                    "よし。広場には、灯りがひとつ要るからね。",
                ),
            ),
        ),
    ),
    Episode(
        number=2,
        duration=72,
        titles=said("A Letter to the Rain", "Письмо дождю", "雨への手紙"),
        synopsis=said(
            "Three days of rain, a lantern made of paper, and a girl who thinks one may simply ask.",
            "Три дня дождя, бумажный фонарик и девочка, которая считает, что можно просто попросить.",
            "三日つづく雨、紙の提灯、そして「頼めばいい」と言う女の子。",
        ),
        opening=(5, 17),
        ending=(58, 70),
        still=44.0,
        lines=(
            Line(
                0.6,
                4.4,
                "narrator",
                said(
                    "It rained for three days, and paper is afraid of rain.",
                    "Дождь шёл три дня, а бумага боится дождя.",
                    "雨は三日つづいた。紙は雨がこわい。",
                ),
            ),
            Line(
                18.0,
                21.4,
                "hana",
                said(
                    "You are the light from the festival! You'll get wet.",
                    "Ты же огонёк с праздника! Ты промокнешь.",
                    "お祭りの灯りだ！　ぬれちゃうよ。",
                ),
            ),
            Line(
                22.6,
                25.6,
                "tomo",
                said(
                    "Could you ask the rain to stop?", "Можешь попросить дождь перестать?", "雨に、やんでって頼める？"
                ),
            ),
            Line(
                26.8,
                30.2,
                "hana",
                said(
                    "I'll write it a letter. What should I say?",
                    "Напишу ему письмо. Что сказать?",
                    "手紙を書くね。なんて書こうか。",
                ),
            ),
            Line(
                31.2,
                35.6,
                "tomo",
                said(
                    "“Dear rain: please come again, only not today.”",
                    "«Милый дождь, приходи ещё, только не сегодня».",
                    "「雨さんへ。また来てね。でも、今日じゃなく」",
                ),
            ),
            Line(
                38.6,
                42.4,
                "hana",
                said(
                    "Fold it into a boat. Water knows the way.",
                    "Сложим кораблик. Вода знает дорогу.",
                    "舟に折ろう。水は道を知ってるから。",
                ),
            ),
            Line(44.0, 47.0, "tomo", said("Look, it's sailing!", "Смотри, поплыл!", "見て、進んでる！")),
            Line(
                49.6,
                54.0,
                "hana",
                said("Listen. The rain is reading it.", "Слышишь? Дождь читает.", "聞いて。雨が読んでるよ。"),
            ),
        ),
    ),
    Episode(
        number=3,
        duration=84,
        titles=said("The Night Everyone Came", "Ночь, когда пришли все", "みんなが来た夜"),
        synopsis=said(
            "A year later nobody has hung the lanterns. A festival can begin with one.",
            "Год спустя никто не повесил фонари. Но праздник можно начать и с одного.",
            "一年後、提灯を吊るす人はいなかった。けれど祭りは、ひとつの灯りから始められる。",
        ),
        opening=(4, 16),
        ending=(69, 82),
        still=57.5,
        lines=(
            Line(
                0.5,
                3.6,
                "narrator",
                said(
                    "A year later the square was dark.",
                    "Год спустя на площади было темно.",
                    "一年後、広場は暗いままだった。",
                ),
            ),
            Line(
                17.2,
                20.4,
                "sumi",
                said(
                    "No one remembered to hang the lanterns.",
                    "Никто не вспомнил про фонари.",
                    "誰も提灯を吊るさなかったんだ。",
                ),
            ),
            Line(
                21.6,
                24.6,
                "tomo",
                said(
                    "Then I am the whole festival.", "Значит, я и есть весь праздник.", "じゃあ、ぼくがお祭りぜんぶだ。"
                ),
            ),
            Line(
                25.8,
                29.4,
                "hana",
                said(
                    "Not all of it. Lend me your flame.",
                    "Не весь. Одолжи мне огонёк.",
                    "ぜんぶじゃないよ。その火、貸して。",
                ),
            ),
            Line(33.0, 36.0, "hana", said("One for the windows…", "Один — для окон…", "ひとつは窓のため……")),
            Line(
                37.4,
                40.8,
                "sumi",
                said(
                    "…one for those who stayed up…",
                    "…один — для тех, кому не спится…",
                    "……ひとつは、起きている誰かのため……",
                ),
            ),
            Line(
                42.2,
                46.0,
                "tomo",
                said("…and one for the rain.", "…и один — для дождя.", "……そしてひとつは、雨のため。"),
            ),
            Line(51.0, 54.0, "tomo", said("Everyone came!", "Все пришли!", "みんな、来てくれた！")),
            Line(
                55.6,
                60.0,
                "sumi",
                said(
                    "They only needed to see where the square was.",
                    "Им просто нужно было увидеть, где площадь.",
                    "広場がどこか、見えればよかったんだよ。",
                ),
            ),
            Line(
                62.0,
                67.0,
                "narrator",
                said(
                    "And ever since, one light is always left on.",
                    "И с тех пор один огонёк горит всегда.",
                    "それからずっと、灯りはひとつ、残されている。",
                ),
            ),
        ),
    ),
)
