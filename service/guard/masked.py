"""Cases, facts and assessments as a role without `personal_read` sees them: by lists of what may be shown.

What no list knows is hidden, so that a field which is added later does not leak; a test asks for its row here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from service.guard.masking import HIDDEN, Personal, code_or_hidden, is_code, looks_personal, mask, mask_gps
from vision import standard
from vision.errors import InputError

Json = dict[str, Any]
FACTS_SHOWN: Final = frozenset(
    [
        *("photo", "sha256", "size_wh", "warnings", "phash", "taken_at", "device", "framing", "quality", "rotation"),
        *("vehicles", "damages", "lane", "traffic_light", "roadside", "models", "unreadable"),
    ]
)
"""Of a line of facts; the other keys are masked below, or hidden."""
DOCUMENT_SHOWN: Final = frozenset({"kind", "score", "box_xyxy", "pages", "flags"})
FIELD_KINDS: Final[Mapping[str, Personal]] = {
    "plate_number": Personal.PLATE,
    **dict.fromkeys(("name", "owner", "insured"), Personal.NAME),
    **dict.fromkeys(
        ("licence_number", "id_number", "file_number", "vin", "engine_number", "policy_number", "barcode_number"),
        Personal.NUMBER,
    ),
}
FIELDS_SHOWN: Final = frozenset(
    [
        *("vehicle_class", "valid_from", "valid_to", "first_issue_date", "vehicle_type", "use_character", "seats"),
        *("register_date", "issue_date", "inspection_valid_to", "energy_type", "body_colour"),
    ]
)
"""Of a paper; of what is neither here nor above (address, birth date, remarks) nothing is shown."""
FINDING_SHOWN: Final = frozenset({"requirement", "verdict", "reason", "evidence", "disagreement"})


def case(told: Mapping[str, Any]) -> Json:
    """A case's body: plates masked, the place hidden."""
    parties = [{"id": code_or_hidden(one["id"]), "plate": _plate(one["plate"])} for one in told["parties"]]
    external = HIDDEN if looks_personal(told["external_id"]) else told["external_id"]
    place = None if told["place"] is None else HIDDEN
    return {**told, "external_id": external, "place": place, "parties": parties}


def facts(line: Mapping[str, Any]) -> Json:
    """A line of the facts contract."""
    return {key: _fact(key, value) for key, value in line.items()}


def assessment(told: Mapping[str, Any]) -> Json:
    """An assessment: what was measured only where it is a number or a word of ours."""
    findings = [_finding(one) for one in told["findings"]]
    steps = [_step(one, told["standard"]) for one in told["next"]]
    return {**told, "findings": findings, "next": steps}


def _fact(key: str, value: Any) -> Any:
    if key in FACTS_SHOWN or value is None:
        return value
    match key:
        case "gps":
            return list(mask_gps(*value))
        case "plates":
            return [{**plate, "text": _plate(plate["text"])} for plate in value]
        case "document":
            return _document(value)
        case "more_documents":
            return [_document(one) for one in value]
        case _:
            return hidden(value)


def _document(told: Mapping[str, Any]) -> Json:
    shown = {key: value if key in DOCUMENT_SHOWN else hidden(value) for key, value in told.items()}
    fields = {key: _field(key, field) for key, field in told["fields"].items()}
    return {**shown, "fields": fields, "repeats": [_field(one["key"], one) for one in told["repeats"]]}


def _field(key: str, told: Mapping[str, Any]) -> Json:
    text = told["text"]
    if text is None or key in FIELDS_SHOWN:
        return {**told, "raw": HIDDEN}
    return {**told, "text": mask(text, FIELD_KINDS.get(key, Personal.TEXT)), "raw": HIDDEN}


def _finding(told: Mapping[str, Any]) -> Json:
    masked = {key: value if key in FINDING_SHOWN else hidden(value) for key, value in told.items()}
    for key in ("measured", "limit", "party"):
        if isinstance(told[key], str):
            masked[key] = told[key] if _word(told[key]) else HIDDEN
    return masked


def _word(text: str) -> bool:
    # Capitals and long digits are plates' and numbers'; a party's id is short.
    return is_code(text) and (len(text) <= 4 or (text == text.lower() and not any(map(str.isdigit, text))))


def _step(told: Mapping[str, Any], name: str) -> Json:
    """An instruction in the standard's own words: the assessment's name a party by its plate."""
    party = None if told["party"] is None else code_or_hidden(told["party"])
    words = _words(name).get(told["requirement"])
    if party is None or words is None:
        return {**told, "text": told["text"] if told["party"] is None else hidden(told["text"]), "party": party}
    text = {"zh": words[0].replace("{party}", f"{party}方"), "en": words[1].replace("{party}", f"party {party}")}
    return {**told, "text": text, "party": party}


@cache
def _words(name: str) -> Mapping[str, tuple[str, str]]:
    try:
        asked = standard.load(name).requirements
    except InputError:
        return {}
    return {one.id: (one.retake.zh, one.retake.en) for one in asked if one.retake is not None}


def _plate(text: str | None) -> str | None:
    return None if text is None else mask(text, Personal.PLATE)


def hidden(value: Any) -> Any:
    """``value`` with every text in it hidden; numbers stay."""
    if isinstance(value, str):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: hidden(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [hidden(one) for one in value]
    return value
