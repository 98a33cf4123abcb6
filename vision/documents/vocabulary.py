"""Values that are words of a national list: use characters and vehicle types (GA 24.3, GA 24.4, policies' groups)."""

from __future__ import annotations

import re
from operator import ne

from vision.documents.confusions import UNREAD, VARIANTS, Read
from vision.types import Validation

USE_CHARACTERS = (
    "非营运", "营运", "公路客运", "公交客运", "出租客运", "旅游客运", "货运", "租赁", "警用", "消防", "救护",
    "工程救险", "营转非", "出租转非", "教练", "幼儿校车", "小学生校车", "初中生校车", "其他校车", "危险货物运输",
    "预约出租客运", "预约出租转非", "党政机关、事业团体", "企业", "家庭自用", "非营业", "营业",
)  # fmt: skip
PARTS_OF_OTHERS = frozenset({"营运", "营业", "出租客运", "货运", "客运"})
"""Words that are left of a longer one when its first characters are lost: the list does not prove these."""
_TYPE = re.compile(
    "(?:(?:大型|中型|小型|微型|重型|轻型)(?:普通|越野|专用|双层|卧铺|铰接|厢式|封闭|罐式|平板|集装厢|自卸|特殊结构|仓栅式|栏板|半挂|牵引|面包|轿)?"
    "(?:客车|轿车|货车|牵引车|半挂车|校车|车)|(?:客车|货车|特种车|摩托车|拖拉机|挂车|低速货车|三轮汽车))"
)


def use_character(raw: str) -> Read:
    """A word of the list: itself, without what follows it, or where up to a third is misread the only nearest one."""
    text = "".join(re.findall("[\u3400-\u4dbf\u4e00-\u9fff、]+", raw)).strip("、").translate(VARIANTS)
    if not text:
        return UNREAD
    if text in USE_CHARACTERS:
        return text, Validation.NONE if text in PARTS_OF_OTHERS else Validation.GRAMMAR
    begun = max((word for word in USE_CHARACTERS if text.startswith(word)), key=len, default=None)
    if begun is not None:
        return begun, Validation.NONE
    off = sorted((sum(map(ne, word, text)), word) for word in USE_CHARACTERS if len(word) == len(text))
    sure = off and off[0][0] <= len(text) // 3 and (len(off) == 1 or off[0][0] < off[1][0])
    return (off[0][1], Validation.GRAMMAR) if sure else (text, Validation.NONE)


def vehicle_type(raw: str) -> Read:
    """A type as the lists form them is proved by that; other words are taken as they stand."""
    text = "".join(re.findall("[\u3400-\u4dbf\u4e00-\u9fff]+", raw)).translate(VARIANTS)
    if not text:
        return UNREAD
    return text, Validation.GRAMMAR if _TYPE.fullmatch(text) else Validation.NONE
