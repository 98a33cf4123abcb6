"""What is printed on each page: titles, and labels with the field they name. Data, no geometry.

Sources: the layouts of DOMAIN.md and GA 482-2012 / GA 37-2008 licences as seen in public specimens. Labels are told
as printed, Chinese and English; OCR loses some of them, so both are anchors. A label without key bounds its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

from vision.types import DocumentKind, Page


@dataclass(frozen=True, slots=True)
class Label:
    """``key`` None: a label that is no field of ours. ``rows``: how many printed rows its value may take."""

    key: str | None
    texts: tuple[str, ...]
    english: tuple[str, ...] = ()
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Layout:
    kind: DocumentKind
    page: Page
    titles: tuple[str, ...]
    labels: tuple[Label, ...]
    own: frozenset[str]
    """Labels that tell the page when the title is lost, and how many of them it takes."""
    needed: int = 2


PERIOD = "valid_period"
"""Label that stands for two keys: valid_from and valid_to."""

_DRIVING = (
    Label("licence_number", ("证号",), ("No.",)),
    Label("name", ("姓名",), ("Name",)),
    Label("sex", ("性别",), ("Sex",)),
    Label("nationality", ("国籍",), ("Nationality",)),
    Label("address", ("住址",), ("Address",), rows=3),
    Label("birth_date", ("出生日期",), ("DateofBirth",)),
    Label("first_issue_date", ("初次领证日期",), ("DateofFirstIssue",)),
    Label("vehicle_class", ("准驾车型",), ("Class",)),
    Label("valid_from", ("有效起始日期",), ("ValidFrom",)),
    Label(PERIOD, ("有效期限",), ("ValidPeriod", "ValidFor")),
)
_DRIVING_SECOND = (
    Label("licence_number", ("证号",), ("No.",)),
    Label("name", ("姓名",), ("Name",)),
    Label("file_number", ("档案编号",), ("FileNo.",)),
    Label("record", ("记录",), ("Record",), rows=4),
)
_DRIVING_ELECTRONIC = (
    *(label for label in _DRIVING if label.key not in ("address", "valid_from")),
    Label("file_number", ("档案编号",)),
    Label("status", ("状态",)),
    Label("points", ("累积记分", "累计记分")),
    Label("generated_at", ("生成时间",)),
    Label("current_time", ("当前时间",)),
    Label("barcode_number", ("条形码编号",)),
)
_VEHICLE = (
    Label("plate_number", ("号牌号码",), ("PlateNo.",)),
    Label("vehicle_type", ("车辆类型",), ("VehicleType",)),
    Label("owner", ("所有人",), ("Owner",)),
    Label("address", ("住址",), ("Address",), rows=2),
    Label("use_character", ("使用性质",), ("UseCharacter",)),
    Label("model", ("品牌型号",), ("Model",)),
    Label("vin", ("车辆识别代号",), ("VIN",)),
    Label("engine_number", ("发动机号码",), ("EngineNo.",)),
    Label("register_date", ("注册日期",), ("RegisterDate",)),
    Label("issue_date", ("发证日期",), ("IssueDate",)),
)
_VEHICLE_SECOND = (
    Label("plate_number", ("号牌号码",)),
    Label("file_number", ("档案编号",)),
    Label("seats", ("核定载人数",)),
    Label("total_mass", ("总质量",)),
    Label("curb_mass", ("整备质量",)),
    Label("load_mass", ("核定载质量",)),
    Label("dimensions", ("外廓尺寸",)),
    Label("towing_mass", ("准牵引总质量",)),
    Label("remarks", ("备注",), rows=3),
    Label("inspection_valid_to", ("检验记录",), rows=3),
    Label("inspection_valid_to", ("检验有效期至",)),
)
_VEHICLE_ELECTRONIC = (
    *(label for label in _VEHICLE if label.key != "address"),
    *(label for label in _VEHICLE_SECOND if label.key not in ("plate_number", "remarks")),
    Label("status", ("状态",)),
    Label("scrap_date", ("强制报废期止",)),
    Label("body_colour", ("车身颜色",)),
    Label("energy_type", ("能源种类",)),
    Label("generated_at", ("生成时间",)),
)
_POLICY = (
    Label("policy_number", ("保险单号码", "保险单号", "保单号码", "保单号")),
    Label("insured", ("被保险人名称", "被保险人")),
    Label("plate_number", ("号牌号码", "车牌号码", "车牌号")),
    Label("vehicle_type", ("机动车种类", "车辆种类")),
    Label("use_character", ("使用性质",)),
    Label("engine_number", ("发动机号码", "发动机号")),
    Label("vin", ("识别代码(车架号)", "车辆识别代号", "车架号", "识别代码")),
    Label("model", ("厂牌型号",)),
    Label("seats", ("核定载客",)),
    Label("death_limit", ("死亡伤残赔偿限额",)),
    Label("medical_limit", ("医疗费用赔偿限额",)),
    Label("property_limit", ("财产损失赔偿限额",)),
    Label("premium_total", ("保险费合计(人民币大写)", "保险费合计")),
    Label(PERIOD, ("保险期间自", "保险期间"), rows=2),
    Label("insurer", ("公司名称", "保险公司", "保险人")),
    Label("signed_date", ("签单日期",)),
    Label("service_phone", ("服务电话", "客服电话")),
    *(
        Label(None, (text,))
        for text in (
            "无责任死亡伤残赔偿限额", "无责任医疗费用赔偿限额", "无责任财产损失赔偿限额", "被保险人身份证号码",
            "身份证号码", "统一社会信用代码", "被保险机动车", "核定载质量", "联系电话", "登记日期", "公司地址",
            "邮政编码", "(保险人签章)", "保险人签章", "核保", "制单", "经办", "重要提示", "特别约定", "责任限额",
            "保险合同争议解决方式", "其中救助基金", "代收车船税", "与道路交通安全违法行为", "排量", "功率", "地址",
        )
    ),
)  # fmt: skip
_ID_CARD = tuple(Label(None, (text,)) for text in ("公民身份号码", "民族", "住址", "姓名", "性别", "出生"))


_ENGLISH_TITLES = Label(
    None, (), ("DrivingLicenseofthePeople'sRepublicofChina", "VehicleLicenseofthePeople'sRepublicofChina")
)


def _layout(
    kind: DocumentKind, page: Page, titles: str, labels: tuple[Label, ...], own: str, needed: int = 2
) -> Layout:
    return Layout(kind, page, tuple(titles.split()), (*labels, _ENGLISH_TITLES), frozenset(own.split()), needed)


LAYOUTS = (
    _layout(DocumentKind.DRIVING_LICENCE, Page.SECOND, "机动车驾驶证副页", _DRIVING_SECOND, "档案编号 记录"),
    _layout(
        DocumentKind.DRIVING_LICENCE,
        Page.ELECTRONIC,
        "电子驾驶证",
        _DRIVING_ELECTRONIC,
        "累积记分 累计记分 当前时间 条形码编号",
    ),
    _layout(
        DocumentKind.DRIVING_LICENCE,
        Page.MAIN,
        "机动车驾驶证",
        _DRIVING,
        "国籍 准驾车型 初次领证日期 出生日期 有效期限 有效起始日期",
    ),
    _layout(
        DocumentKind.VEHICLE_LICENCE,
        Page.ELECTRONIC,
        "电子行驶证",
        _VEHICLE_ELECTRONIC,
        "强制报废期止 车身颜色 能源种类 生成时间",
    ),
    _layout(
        DocumentKind.VEHICLE_LICENCE,
        Page.MAIN,
        "机动车行驶证",
        _VEHICLE,
        "车辆类型 所有人 品牌型号 注册日期 发证日期 车辆识别代号",
    ),
    _layout(
        DocumentKind.VEHICLE_LICENCE,
        Page.SECOND,
        "机动车行驶证副页",
        _VEHICLE_SECOND,
        "核定载人数 外廓尺寸 整备质量 检验记录 准牵引总质量 总质量",
    ),
    _layout(
        DocumentKind.INSURANCE_POLICY,
        Page.CARD,
        "强制保险卡 保险卡 保险标志",
        _POLICY,
        "",
    ),
    _layout(
        DocumentKind.INSURANCE_POLICY,
        Page.POLICY,
        "强制保险单 交强险保单",
        _POLICY,
        "死亡伤残赔偿限额 医疗费用赔偿限额 财产损失赔偿限额 保险费合计 签单日期 厂牌型号 机动车种类",
    ),
    _layout(DocumentKind.ID_CARD, Page.MAIN, "居民身份证", _ID_CARD, "公民身份号码", 1),
)
