"""Invented people: names, identity numbers, phones and cards, the same at every run; nobody who lives."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SEED = "guangnei-2017"
AREA = "990101"
"""No area code of an identity number begins with 99, so these numbers can be nobody's."""

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "安柏彬冰博晨成川春德东帆芳飞枫刚光桂海涵航禾和恒红鸿虎华怀辉慧吉佳嘉建健江杰洁金锦晶静娟军凯康可岚"
    "兰乐磊丽林琳玲凌龙璐满茂梅萌敏明宁培鹏平萍琪奇倩强青清庆泉然仁荣瑞山珊尚胜诗书淑爽松涛甜婷彤薇伟文"
    "雯武希霞贤翔小晓欣新鑫星雪雅妍岩燕阳怡艺英颖永勇宇雨玉元媛远月岳云泽哲珍振志智忠竹卓子紫"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
YOUNGEST, OLDEST, RETIRED = date(1997, 12, 31), date(1958, 1, 1), date(1940, 1, 1)


@dataclass(frozen=True)
class Person:
    """One invented person, under the name by which the plan speaks of them."""

    key: str
    name: str
    identity_number: str
    phone: str

    @property
    def misspelt_name(self) -> str:
        """The name as a hurried clerk types it: the given name's characters the wrong way round."""
        return self.name[0] + self.name[:0:-1]


def check_digit(first_seventeen: str) -> str:
    """The eighteenth character of an identity number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(first_seventeen, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


class People:
    """Makes each person when first asked for; the same key gives the same person."""

    def __init__(self) -> None:
        self._made: dict[str, Person] = {}
        self._names: set[str] = set()
        self._numbers: set[str] = set()

    def __getitem__(self, key: str) -> Person:
        return self._made.get(key) or self.person(key)

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._made.values())

    def person(self, key: str, *, retired: bool = False) -> Person:
        if key not in self._made:
            random = Random(f"{SEED}:{key}")
            self._made[key] = Person(
                key, self._name(random), self._identity_number(random, retired), self._phone(len(self._made))
            )
        return self._made[key]

    def _name(self, random: Random) -> str:
        while True:
            given = random.sample(GIVEN, 2)
            name = random.choice(SURNAMES) + "".join(given)
            if name not in self._names:
                self._names.add(name)
                return name

    def _identity_number(self, random: Random, retired: bool) -> str:
        first, last = (RETIRED, OLDEST) if retired else (OLDEST, YOUNGEST)
        while True:
            born = first + timedelta(days=random.randrange((last - first).days))
            number = f"{AREA}{born:%Y%m%d}{random.randint(1, 999):03d}"
            if number not in self._numbers:
                self._numbers.add(number)
                return number + check_digit(number)

    @staticmethod
    def _phone(order: int) -> str:
        return f"000-0000-{order:05d}"


def card_number(key: str, turn: int = 1) -> str:
    """The number on a person's first, second … card, in a form that no issuer uses."""
    return f"DEMO-{key}-{turn}"
