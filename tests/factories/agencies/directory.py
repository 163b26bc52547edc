"""Agencies of 臺北市 by name, kind of work and parent: what a supervising office has to do with.

The names are real or could be; every figure that the generator gives them is invented. An agency
comes after its parent in :func:`order`, so that any first n of them hold all their parents.
"""

# ruff: noqa: E501 - lists of names
from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

_DISTRICTS: Final = "松山 信義 大安 中山 中正 大同 萬華 文山 南港 內湖 士林 北投"
DISTRICTS: Final = tuple(_DISTRICTS.split())

# Name after 臺北市政府, its field.
_BUREAUS: Final = """
民政局 civil|財政局 tax|教育局 education|產業發展局 industry|工務局 works|交通局 traffic|社會局 welfare
勞動局 labour|警察局 police|衛生局 health|環境保護局 environment|都市發展局 building|文化局 culture
消防局 fire|捷運工程局 works|翡翠水庫管理局 water|觀光傳播局 culture|地政局 land|兵役局 civil|體育局 culture
資訊局 staff|法務局 staff|青年局 education|秘書處 staff|主計處 staff|人事處 staff|政風處 staff
公務人員訓練處 education|研究發展考核委員會 staff|都市計畫委員會 building|原住民族事務委員會 welfare
客家事務委員會 culture
"""

# Parent: name, its field. Names are whole.
_BELOW: Final = {
    "臺北市政府教育局": "臺北市教師研習中心 education|臺北市家庭教育中心 education|臺北市立圖書館 library"
    "|臺北市立動物園 museum|臺北市立天文科學教育館 museum|臺北市青少年發展處 education",
    "臺北市政府文化局": "臺北市立文獻館 museum|臺北市立美術館 museum|臺北市立國樂團 culture"
    "|臺北市立交響樂團 culture|臺北市中山堂管理所 culture|臺北市藝文推廣處 culture",
    "臺北市政府衛生局": "臺北市立聯合醫院 hospital",
    "臺北市立聯合醫院": "臺北市立聯合醫院中興院區 hospital|臺北市立聯合醫院仁愛院區 hospital"
    "|臺北市立聯合醫院和平婦幼院區 hospital|臺北市立聯合醫院忠孝院區 hospital"
    "|臺北市立聯合醫院陽明院區 hospital|臺北市立聯合醫院林森中醫昆明院區 hospital"
    "|臺北市立聯合醫院松德院區 hospital",
    "臺北市政府社會局": "臺北市家庭暴力暨性侵害防治中心 welfare|臺北市立浩然敬老院 welfare"
    "|臺北市立陽明教養院 welfare",
    "臺北市政府工務局": "臺北市政府工務局新建工程處 works|臺北市政府工務局水利工程處 water"
    "|臺北市政府工務局公園路燈工程管理處 works|臺北市政府工務局衛生下水道工程處 water"
    "|臺北市政府工務局大地工程處 works",
    "臺北市政府工務局公園路燈工程管理處": "青年公園管理所 works|陽明山公園管理所 works"
    "|圓山公園管理所 works|南港公園管理所 works",
    "臺北市政府交通局": "臺北市交通管制工程處 traffic|臺北市停車管理工程處 traffic"
    "|臺北市公共運輸處 traffic|臺北市交通事件裁決所 traffic",
    "臺北市政府勞動局": "臺北市就業服務處 labour|臺北市勞動力重建運用處 labour"
    "|臺北市勞動檢查處 labour|臺北市職能發展學院 labour",
    "臺北市政府產業發展局": "臺北市市場處 industry|臺北市商業處 industry|臺北市動物保護處 animals",
    "臺北市政府都市發展局": "臺北市建築管理工程處 building|臺北市都市更新處 building",
    "臺北市政府地政局": "臺北市政府地政局土地開發總隊 land|臺北市古亭地政事務所 land"
    "|臺北市建成地政事務所 land|臺北市士林地政事務所 land|臺北市松山地政事務所 land"
    "|臺北市中山地政事務所 land|臺北市大安地政事務所 land",
    "臺北市政府民政局": "臺北市殯葬管理處 civil|臺北市孔廟管理委員會 culture",
    "臺北市政府財政局": "臺北市稅捐稽徵處 tax|臺北市動產質借處 tax",
    "臺北市政府警察局": "臺北市政府警察局交通警察大隊 police|臺北市政府警察局刑事警察大隊 police"
    "|臺北市政府警察局保安警察大隊 police|臺北市政府警察局少年警察隊 police"
    "|臺北市政府警察局婦幼警察隊 police|臺北市政府警察局捷運警察隊 police",
    "臺北市政府消防局": "臺北市政府消防局第一救災救護大隊 fire"
    "|臺北市政府消防局第二救災救護大隊 fire|臺北市政府消防局第三救災救護大隊 fire"
    "|臺北市政府消防局第四救災救護大隊 fire|臺北市政府消防局緊急救護隊 fire",
    "臺北市政府環境保護局": "臺北市政府環境保護局內湖垃圾焚化廠 plant"
    "|臺北市政府環境保護局木柵垃圾焚化廠 plant|臺北市政府環境保護局北投垃圾焚化廠 plant"
    "|臺北市政府環境保護局環保稽查大隊 environment",
    "臺北市政府捷運工程局": "臺北市政府捷運工程局第一區工程處 works"
    "|臺北市政府捷運工程局第二區工程處 works|臺北市政府捷運工程局機電系統工程處 works",
    "臺北自來水事業處": "臺北自來水事業處東區營業分處 water|臺北自來水事業處西區營業分處 water"
    "|臺北自來水事業處南區營業分處 water|臺北自來水事業處北區營業分處 water"
    "|臺北自來水事業處陽明營業分處 water|臺北自來水事業處工程總隊 water",
}

# Parent: pattern of a name, its field; one for each district.
_BY_DISTRICT: Final = (
    ("臺北市政府民政局", "臺北市{}區公所", "district"),
    ("臺北市政府民政局", "臺北市{}區戶政事務所", "households"),
    ("臺北市政府衛生局", "臺北市{}區健康服務中心", "health"),
    ("臺北市政府社會局", "臺北市{}社會福利服務中心", "welfare"),
    ("臺北市政府環境保護局", "臺北市政府環境保護局{}區清潔隊", "environment"),
    ("臺北市稅捐稽徵處", "臺北市稅捐稽徵處{}分處", "tax"),
)

_PRECINCTS: Final = (
    "松山 信義 大安 中山 中正第一 中正第二 萬華 大同 士林 北投 文山第一 文山第二 內湖 南港"
)
_BRANCHES: Final = (
    "松山 三民 民生 啟明 中崙 永春 三興 六合 大安 道藩 龍安 延平 大同 建成 龍華 東園 西園 萬華 長安 "
    "大直 永建 景美 木柵 萬興 力行 文山 東湖 內湖 西湖 士林 天母 葫蘆堵 北投 清江 石牌 吉利 稻香 南港"
)
_HIGH_SCHOOLS: Final = (
    "建國 第一女子 成功 中山女子 松山 大同 大直 百齡 復興 陽明 永春 內湖 麗山 南港 中崙 西松 景美女子 "
    "和平 華江 明倫 中正 萬芳 育成 成淵 南湖 大理"
)
_OTHER_SCHOOLS: Final = (
    "臺北市立大安高級工業職業學校 臺北市立內湖高級工業職業學校 臺北市立松山高級工農職業學校 "
    "臺北市立木柵高級工業職業學校 臺北市立南港高級工業職業學校 臺北市立松山高級商業家事職業學校 "
    "臺北市立士林高級商業職業學校 臺北市立臺北特殊教育學校 臺北市立文山特殊教育學校 臺北市立啟明學校 "
    "臺北市立啟聰學校 臺北市立數位實驗高級中等學校"
)
_JUNIOR_SCHOOLS: Final = (
    "介壽 民生 中山 敦化 興雅 永吉 瑠公 信義 仁愛 大安 芳和 金華 懷生 民族 龍門 長安 北安 新興 五常 濱江 "
    "螢橋 古亭 南門 弘道 民權 忠孝 建成 重慶 蘭雅 萬華 雙園 龍山 木柵 實踐 北政 景美 興福 景興 內湖 麗山 "
    "三民 西湖 東湖 明湖 誠正 士林 格致 福安 至善 天母 北投 新民 明德 桃源 石牌 關渡"
)
_PRIMARY_SCHOOLS: Final = {
    "松山": "松山 西松 敦化 民生 民權 民族 三民 健康",
    "信義": "光復 興雅 永吉 信義 永春 吳興 福德 三興 博愛",
    "大安": "龍安 大安 幸安 建安 仁愛 金華 古亭 銘傳 公館 新生",
    "中山": "中山 長安 長春 大直 大佳 五常 吉林 懷生 永安 濱江",
    "中正": "螢橋 河堤 忠義 國語實驗 南門 東門 忠孝",
    "大同": "蓬萊 日新 太平 永樂 雙蓮 大同 大龍 延平 大橋",
    "萬華": "新和 雙園 東園 大理 西園 萬大 華江 西門 老松 龍山 福星",
    "文山": "木柵 永建 實踐 博嘉 指南 明道 萬芳 力行 萬興 景美 武功 興德 溪口 興隆 志清 景興 萬福 興華",
    "南港": "南港 舊莊 玉成 成德 胡適 東新 修德",
    "內湖": "內湖 碧湖 潭美 東湖 西湖 康寧 明湖 麗山 新湖 文湖 大湖 南湖 麗湖",
    "士林": "士林 士東 福林 陽明山 社子 雨聲 富安 劍潭 溪山 平等 百齡 雨農 天母 文昌 芝山 蘭雅 三玉 葫蘆",
    "北投": "北投 逸仙 石牌 關渡 湖田 清江 泉源 大屯 湖山 桃源 文化 立農 義方 洲美 文林",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """An agency, the field that it works in, and its parent's name; empty for a bureau."""

    name: str
    field: str
    parent: str

    @property
    def is_bureau(self) -> bool:
        return not self.parent

    @property
    def short(self) -> str:
        """``教育局``: how it speaks of itself."""
        return self.name.removeprefix("臺北市政府").removeprefix("臺北市立").removeprefix("臺北市")


@cache
def entries() -> tuple[Entry, ...]:
    """Every agency once."""
    bureaus = [Entry(f"臺北市政府{name}", field, "") for name, field in _pairs(_BUREAUS)]
    bureaus.append(Entry("臺北自來水事業處", "water", ""))
    below = [
        Entry(name, field, parent)
        for parent, text in _BELOW.items()
        for name, field in _pairs(text)
    ]
    by_district = [
        Entry(pattern.format(district), field, parent)
        for parent, pattern, field in _BY_DISTRICT
        for district in DISTRICTS
    ]
    police, library = "臺北市政府警察局", "臺北市立圖書館"
    more = [Entry(f"{police}{name}分局", "police", police) for name in _PRECINCTS.split()]
    more += [Entry(f"{library}{name}分館", "library", library) for name in _BRANCHES.split()]
    return (*bureaus, *below, *by_district, *more, *_schools())


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = (each.split() for each in text.replace("\n", "|").split("|") if each)
    return [(name, field) for name, field in pairs]


def _schools() -> list[Entry]:
    """High schools, junior high schools, primary schools, and the kindergartens of the last."""
    parent = "臺北市政府教育局"
    high = [f"臺北市立{name}高級中學" for name in _HIGH_SCHOOLS.split()]
    high += _OTHER_SCHOOLS.split()
    high += [f"臺北市立{name}國民中學" for name in _JUNIOR_SCHOOLS.split()]
    primary = [
        f"臺北市{district}區{name}國民小學"
        for district, names in _PRIMARY_SCHOOLS.items()
        for name in names.split()
    ]
    return [
        *(Entry(name, "high_school", parent) for name in high),
        *(Entry(name, "primary_school", parent) for name in primary),
        *(Entry(f"{name}附設幼兒園", "kindergarten", name) for name in primary),
    ]


@cache
def order(seed: int) -> tuple[Entry, ...]:
    """Every agency in the seed's own order, each after its parent.

    The families of the bureaus take turns by chance, so that the first forty are of many kinds.
    """
    chance = Random(f"{seed}/order")
    families = [list(_family(bureau, chance)) for bureau in entries() if bureau.is_bureau]
    ordered: list[Entry] = []
    while families:
        family = chance.choice(families)
        for _ in range(chance.randrange(1, 6)):
            ordered += family[:1]
            del family[:1]
        if not family:
            families.remove(family)
    return tuple(ordered)


def _family(bureau: Entry, chance: Random) -> list[Entry]:
    """A bureau and all below it, the rest by chance, but each after its parent."""
    children: dict[str, list[Entry]] = {}
    for entry in entries():
        children.setdefault(entry.parent, []).append(entry)
    found, waiting = [], [bureau]
    while waiting:
        entry = waiting.pop(chance.randrange(len(waiting)))
        found.append(entry)
        waiting += children.get(entry.name, ())
    return found
