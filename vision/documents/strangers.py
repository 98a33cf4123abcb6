"""Papers that people upload by mistake and that print words of ours: told by their own titles and labels.

Sources of the words: public specimens of 道路运输从业人员从业资格证, 道路运输证, 机动车登记证书 and 机动车销售统一发票.
"""

from __future__ import annotations

from collections.abc import Sequence

from vision.documents.anchors import find
from vision.documents.layouts import Label
from vision.documents.signs import Piece

TITLES = (
    "从业资格证", "登记证书", "收据", "发票", "收费单", "结算单", "营业执照", "道路运输证", "银行", "健康证", "名片",
)  # fmt: skip
WEAK = frozenset({"银行", "名片", "收据", "健康证"})
"""Words of shop signs and running text: no title beside the labels of a paper of ours."""
LABELS = (
    ("从业资格类别", "从业资格证号"),
    ("车辆获得方式", "转向形式", "注册登记机动车信息栏", "机动车登记编号", "制造厂名称", "车辆出厂日期", "轮胎规格",
     "钢板弹簧片数", "货箱内部尺寸", "燃料种类", "登记机关"),
    ("业户名称", "经营许可证号", "经营范围"),
    ("价税合计", "增值税税率", "购买方名称", "销货单位名称"),
)  # fmt: skip
"""Labels of each such paper that no paper of ours prints."""
_TITLE = "title"
_MARKS = (Label(_TITLE, TITLES), *(Label(str(paper), texts) for paper, texts in enumerate(LABELS)))


def other_title(pieces: Sequence[Piece]) -> bool:
    """Whether a title of a paper that is none of ours is on the picture."""
    return any(mark.label.key == _TITLE for mark in find(pieces, _MARKS).anchors)


def is_stranger(pieces: Sequence[Piece], top: float) -> bool:
    """Whether untitled labels of ours stand on another paper: under its title, or beside labels of its own.

    ``top``: height of the first label of ours, upright frame. One label of four characters may be misread print; six
    characters or two labels of one paper are not.
    """
    seen: dict[str, set[str]] = {}
    for mark in find(pieces, _MARKS).anchors:
        if mark.label.key == _TITLE and mark.text not in WEAK and mark.v < top:
            return True
        if mark.label.key not in (_TITLE, None):
            seen.setdefault(str(mark.label.key), set()).add(mark.text)
    return any(len(texts) >= 2 or max(map(len, texts)) >= 6 for texts in seen.values())
