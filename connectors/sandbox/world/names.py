"""Invented names, put together from parts, as varied as those that a Scottish pledge gathers.

No list here is of real people: given names are common ones, most families are made of two halves.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from connectors.sandbox.world.chance import Mixture, happens


@dataclass(frozen=True, slots=True)
class Name:
    """A name as its bearer writes it, and its parts in Latin letters for making an address."""

    written: str
    given: str
    family: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_SCOTS_GIVEN = _words(
    "Ailsa Alasdair Alison Andrew Angus Anne-Marie Blair Callum Cameron Catherine Claire Craig David Donald "
    "Douglas Duncan Eilidh Elspeth Emma Euan Ewan Fergus Fiona Fraser Gavin Gillian Gordon Graeme Hamish "
    "Heather Hector Innes Iona Isla Isobel Jamie Jean Jennifer Kenneth Kirsty Lachlan Laura Lewis Lorna "
    "Louise Lyndsey Mairi Malcolm Margaret Mhairi Morag Morven Murdo Murray Neil Niamh Nicola Paul Rhona "
    "Robert Ross Rowan Ruaridh Sandra Sheena Shona Siobhán Stuart Susan Tavish Una Zoë"
)
_FIRST_HALVES = _words(
    "Aber Ard Auchter Bal Black Braid Brae Burn Cairn Carn Clach Craig Dal Drum Dun Fair Fern Glen Heather "
    "Inver Kil Kin Loch Muir North Pit Ran Strath Thorn Tullie West Whin"
)
_SECOND_HALVES = _words(
    "bank brae burn cairn dale dean field garth gill haugh hill holm law lea mont more ridge ton"
)
_STEMS = _words(
    "Arran Brannoch Cally Drennan Ewart Farlan Gilvray Hardie Ivor Kirdy Larty Millan Nabb Quarrie Rory"
)
_CLANS = ("Mac{}", "Mc{}", "Mac {}", "M'{}", "MacIl{}", "O'{}", "O’{}")  # noqa: RUF001 - people type both apostrophes

_GAELIC_GIVEN = _words(
    "Aonghas Calum Catrìona Coinneach Dòmhnall Eòghann Màiri Mòrag Raghnall Seònaid Sìne Ùna"
)
_GAELIC_FAMILY = _words(
    "MacAoidhean MacDhòmhlainn MacIlleBhràigh MacLeòthaid NicDhùghlais NicFhionnla NicÌomhair"
)

_POLISH_GIVEN = _words(
    "Agnieszka Bożena Grażyna Jędrzej Łukasz Małgorzata Paweł Rafał Stanisław Wiesława Zofia Żaneta"
)
_POLISH_FAMILY = _words(
    "Błoński Brzęcka Dąbrowiecka Głąbski Jaśkiewicz Kościelna Łęcki Miłoszewska Nowińska "
    "Ślązak Wójcicki Źródłowska"
)
_OTHER_GIVEN = _words(
    "Adébáyò Anaïs Björn Chloë Ọlámidé Françoise Ionuț José Jürgen Lê Núria Oluwaseun Ştefan Søren Thị Zsófia"
)
_OTHER_FAMILY = _words(
    "Adéyẹmí Åkerholm Beauchêne Çelikkaya Dvořáček Groß Ibáñez-Ruiz Kovácsné Lefèvre-Noël Nguyễn "
    "Okonkwọ Østerdal "
    "Popescu-Țară Quintanilha Šimková"
)

# Written and Latin form of each part.
_URDU_GIVEN = {
    "عائشہ": "Ayesha",
    "بلال": "Bilal",
    "فاطمہ": "Fatima",
    "حمزہ": "Hamza",
    "خدیجہ": "Khadija",
    "محمد": "Muhammad",
}
_URDU_FAMILY = {
    "احمدانی": "Ahmadani",
    "چوہدریان": "Chaudharian",
    "حسینوی": "Hussainvi",
    "خانزئی": "Khanzai",
    "ملکانی": "Malkani",
}
_ARABIC_GIVEN = {
    "أمينة": "Amina",
    "ليلى": "Layla",
    "مُحَمَّد": "Mohammed",
    "سارة": "Sara",
    "يوسف": "Yusuf",
    "زينب": "Zainab",
}
_ARABIC_FAMILY = {"البستاني": "Al-Bustani", "الجبلي": "Al-Jabali", "حدّادين": "Haddadin", "النهري": "Al-Nahri"}
_CHINESE_GIVEN = {
    "芳": "Fang",
    "嘉欣": "Ka-yan",
    "伟": "Wei",
    "小明": "Xiaoming",
    "雪梅": "Xuemei",
    "𠮷": "Ji",
}
_CHINESE_FAMILY = {"陈": "Chen", "李": "Li", "王": "Wang", "张": "Zhang", "歐陽": "Ouyang", "黃": "Wong"}
_UKRAINIAN_GIVEN = {
    "Богдан": "Bohdan",
    "Ірина": "Iryna",
    "Наталія": "Nataliia",
    "Олена": "Olena",
    "Юрій": "Yurii",
}
_UKRAINIAN_FAMILY = {
    "Вербицька": "Verbytska",
    "Дубовик": "Dubovyk",
    "Ковалів": "Kovaliv",
    "Лісняк": "Lisniak",
}

_OTHER_SCRIPTS = (
    (_URDU_GIVEN, _URDU_FAMILY),
    (_ARABIC_GIVEN, _ARABIC_FAMILY),
    (_CHINESE_GIVEN, _CHINESE_FAMILY),
    (_UKRAINIAN_GIVEN, _UKRAINIAN_FAMILY),
)
_TITLES = ("Mrs ", "Mr ", "Dr ", "Miss ", "Cllr ", "Rev. ")
_AWKWARD = (
    "=1+1 {}",
    "@{}",
    "+{}",
    "{} <b>(parent)</b>",
    "{} & family",
    '"{}"',
    "{}; DROP",
    "{} 💚",
    "{}\nChair of the parent group",
    "{0}, {0}",
    "\u200b{}",
    "{}\u00a0",
)


def invent_name(rng: Random) -> Name:
    """A whole name, written with care; how it is typed comes later."""
    return _ORIGINS.draw(rng)(rng)


def typed_name(rng: Random, written: str) -> str:
    """The name as it arrives: mostly as written, now and then with capitals, blanks, or worse."""
    return _WAYS_OF_TYPING.draw(rng)(rng, written)


def _scot(rng: Random) -> Name:
    is_of_a_clan = happens(rng, 0.25)
    family = rng.choice(_CLANS).format(rng.choice(_STEMS)) if is_of_a_clan else _place_name(rng)
    if happens(rng, 0.07):
        family += f"-{_place_name(rng)}"
    return _latin_name(rng, rng.choice(_SCOTS_GIVEN), family)


def _gael(rng: Random) -> Name:
    return _latin_name(rng, rng.choice(_GAELIC_GIVEN), rng.choice(_GAELIC_FAMILY))


def _pole(rng: Random) -> Name:
    return _latin_name(rng, rng.choice(_POLISH_GIVEN), rng.choice(_POLISH_FAMILY))


def _from_elsewhere(rng: Random) -> Name:
    return _latin_name(rng, rng.choice(_OTHER_GIVEN), rng.choice(_OTHER_FAMILY))


def _in_another_script(rng: Random) -> Name:
    givens, families = rng.choice(_OTHER_SCRIPTS)
    given, family = rng.choice(list(givens)), rng.choice(list(families))
    if happens(rng, 0.4):
        return _latin_name(rng, givens[given], families[family])
    written = f"{family}{given}" if givens is _CHINESE_GIVEN else f"{given} {family}"
    return Name(written, givens[given], families[family])


def _place_name(rng: Random) -> str:
    return rng.choice(_FIRST_HALVES) + rng.choice(_SECOND_HALVES)


def _latin_name(rng: Random, given: str, family: str) -> Name:
    return Name(f"{given}{_MIDDLES.draw(rng)(rng)} {family}", given, family)


def _no_middle(_: Random) -> str:
    return ""


def _initial(rng: Random) -> str:
    return f" {rng.choice('ABCDEFGHIJKLMNOPRSTVW')}{rng.choice(('', '.'))}"


def _second_given(rng: Random) -> str:
    return f" {rng.choice(_SCOTS_GIVEN)}"


_MIDDLES = Mixture((45, _no_middle), (35, _initial), (20, _second_given))
_ORIGINS = Mixture((66, _scot), (8, _gael), (10, _pole), (5, _from_elsewhere), (11, _in_another_script))

_Typing = Callable[["Random", str], str]
_WAYS_OF_TYPING = Mixture[_Typing](
    (80, lambda _, written: written),
    (3, lambda _, written: written.upper()),
    (3, lambda _, written: written.lower()),
    (3, lambda _, written: f"{written} "),
    (2, lambda _, written: f"  {written}"),
    (2, lambda _, written: written.replace(" ", "  ", 1)),
    (3, lambda _, written: unicodedata.normalize("NFD", written)),
    (3, lambda rng, written: rng.choice(_TITLES) + written),
    (1, lambda rng, written: rng.choice(_AWKWARD).format(written)),
)
