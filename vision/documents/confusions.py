"""Signs that readers confuse, and the trimming of what a form prints around a value."""

from __future__ import annotations

from typing import TypeAlias

from vision.types import Validation

Read: TypeAlias = tuple[str | None, Validation]
UNREAD: Read = (None, Validation.NONE)

_TO_DIGIT = str.maketrans("OoQDIlJ|!ZzSsBGb", "0000111112255866")
TRADITIONAL = str.maketrans("粵蘇魯貴雲遼陝滬閩贛晉瓊寧冀黒", "粤苏鲁贵云辽陕沪闽赣晋琼宁冀黑")
"""Readers mix printed forms of provinces with the traditional ones, which no plate bears."""
VARIANTS = str.maketrans(
    "別號車國華陳張東廣營運豐達駕駛證靜劉趙吳馬楊黃鄭馮鄧許蘇葉閻餘盧賴鍾譚鄒陸賀龔萬錢湯羅畢齊龍賈韓孫蔣"
    "謝鐘麗偉強軍傑濤蘭鳳飛鵬軒雲慶勝紅榮貴寶順興愛潔瑩穎嬌瓊曉曄園鎮縣鄉樓棟單門區橋灣灘陽陰間開關風團結"
    "學實驗電話業務險財產責義島嶺莊處備註記錄額總質輪製廠壽銀聯繫點經發動機識碼檢",
    "别号车国华陈张东广营运丰达驾驶证静刘赵吴马杨黄郑冯邓许苏叶阎余卢赖钟谭邹陆贺龚万钱汤罗毕齐龙贾韩孙蒋"
    "谢钟丽伟强军杰涛兰凤飞鹏轩云庆胜红荣贵宝顺兴爱洁莹颖娇琼晓晔园镇县乡楼栋单门区桥湾滩阳阴间开关风团结"
    "学实验电话业务险财产责义岛岭庄处备注记录额总质轮制厂寿银联系点经发动机识码检",
)  # fmt: skip
"""Traditional forms that the reader's alphabet mixes with the simplified ones of all mainland papers."""
_EDGE = "-_.,:;·•…'\"`~|*()[]<>《》、，"


def trimmed(raw: str) -> str:
    """Without the dashes and points of a form's dotted lines at both ends."""
    return raw.strip(_EDGE + " ")


def digits_of(raw: str) -> str:
    """Signs that look like digits made digits; everything else kept."""
    return raw.translate(_TO_DIGIT)
