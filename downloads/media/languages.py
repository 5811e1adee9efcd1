"""Languages as containers write them (ISO 639-2, three letters) and as we do (BCP 47)."""

_PAIRS = (
    "aa:aar ab:abk af:afr ak:aka am:amh ar:ara an:arg as:asm av:ava ae:ave ay:aym az:aze ba:bak bm:bam be:bel bn:ben bi:bis "
    "bs:bos br:bre bg:bul ca:cat ch:cha ce:che cu:chu cv:chv kw:cor co:cos cr:cre da:dan dv:div dz:dzo en:eng eo:epo et:est "
    "ee:ewe fo:fao fj:fij fi:fin fy:fry ff:ful gd:gla ga:gle gl:glg gv:glv gn:grn gu:guj ht:hat ha:hau he:heb hz:her hi:hin "
    "ho:hmo hr:hrv hu:hun ig:ibo io:ido ii:iii iu:iku ie:ile ia:ina id:ind ik:ipk it:ita jv:jav ja:jpn kl:kal kn:kan ks:kas "
    "kr:kau kk:kaz km:khm ki:kik rw:kin ky:kir kv:kom kg:kon ko:kor kj:kua ku:kur lo:lao la:lat lv:lav li:lim ln:lin lt:lit "
    "lb:ltz lu:lub lg:lug mh:mah ml:mal mr:mar mg:mlg mt:mlt mn:mon na:nau nv:nav nr:nbl nd:nde ng:ndo ne:nep nn:nno nb:nob "
    "no:nor ny:nya oc:oci oj:oji or:ori om:orm os:oss pa:pan pi:pli pl:pol pt:por ps:pus qu:que rm:roh rn:run ru:rus sg:sag "
    "sa:san si:sin sl:slv se:sme sm:smo sn:sna sd:snd so:som st:sot es:spa sc:srd sr:srp ss:ssw su:sun sw:swa sv:swe ty:tah "
    "ta:tam tt:tat te:tel tg:tgk tl:tgl th:tha ti:tir to:ton tn:tsn ts:tso tk:tuk tr:tur tw:twi ug:uig uk:ukr ur:urd uz:uzb "
    "ve:ven vi:vie vo:vol wa:wln wo:wol xh:xho yi:yid yo:yor za:zha zu:zul sq:sqi hy:hye eu:eus my:mya zh:zho cs:ces nl:nld "
    "fr:fra ka:kat de:deu el:ell is:isl mk:mkd mi:mri ms:msa fa:fas ro:ron sk:slk bo:bod cy:cym"
)
_LONG = dict(pair.split(":") for pair in _PAIRS.split())
# The bibliographic codes, which Matroska and many tools use, and a few that were once right.
_OTHERS = (
    "sq:alb hy:arm eu:baq my:bur zh:chi cs:cze nl:dut fr:fre ka:geo de:ger el:gre is:ice mk:mac mi:mao ms:may fa:per ro:rum "
    "sk:slo bo:tib cy:wel tl:fil sr:scc hr:scr he:iw id:in ja:jp"
)
_SHORT = {long: short for short, long in (pair.split(":") for pair in f"{_PAIRS} {_OTHERS}".split())}
_NONE = frozenset({"", "und", "unk", "mul", "zxx", "mis", "qaa"})


def language_read(written: str) -> str:
    """BCP 47 of what a file says: "jpn" → "ja", "pt-BR" stays, "und" and nonsense → ""."""
    first, _dash, rest = written.strip().replace("_", "-").partition("-")
    first = first.lower()
    if first in _NONE or not first.isascii() or not first.isalpha() or len(first) not in (2, 3):
        return ""
    short = _SHORT.get(first, first)
    is_plain = rest.isascii() and all(part.isalnum() and len(part) <= 8 for part in rest.split("-"))
    return f"{short}-{rest}"[:12] if rest and is_plain else short


def language_written(language: str) -> str:
    """ISO 639-2 (terminological) of a BCP 47 tag, "und" for none: what MP4 and Matroska hold."""
    first = language.strip().replace("_", "-").partition("-")[0].lower()
    first = _SHORT.get(first, first)
    if first in _LONG:
        return _LONG[first]
    return first if len(first) == 3 and first.isascii() and first.isalpha() else "und"
