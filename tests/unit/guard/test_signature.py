"""Standard Webhooks signatures: ours against the reference library, and our two verifiers against each other."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
import standardwebhooks
from hypothesis import given
from hypothesis import strategies as st

from service.guard.webhooks import signature
from service.guard.webhooks.signature import SignatureError
from tests.node_client import program
from tests.webhook_verifier import NotOurs, verify_webhook

NOW = 1_777_777_777
SECRET, OTHER = signature.make_secret(), signature.make_secret()
BODY = b'{"type":"assessment.updated","data":{"case_id":"c"}}'
HEADERS = signature.sign("msg_1", NOW, BODY, [SECRET])
ROOT = Path(__file__).resolve().parents[3]


def test_the_example_of_the_specification() -> None:
    reference = standardwebhooks.Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    expected = reference.sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, UTC), '{"test": 2432232314}'
    )
    ours = signature.sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    )
    assert ours["webhook-signature"] == expected == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.text(min_size=1, max_size=40).filter(lambda text: "." not in text), st.text(max_size=200))
def test_the_reference_library_signs_the_same(message_id: str, body: str) -> None:
    expected = standardwebhooks.Webhook(SECRET).sign(message_id, datetime.fromtimestamp(NOW, UTC), body)
    assert signature.sign(message_id, NOW, body.encode(), [SECRET])["webhook-signature"] == expected


def test_names_of_headers_in_any_case() -> None:
    assert verify_webhook({name.title(): value for name, value in HEADERS.items()}, BODY, [SECRET], NOW) == "msg_1"


@pytest.mark.parametrize(("age_s", "fresh"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_age(age_s: int, fresh: bool) -> None:
    if fresh:
        assert verify_webhook(HEADERS, BODY, [SECRET], NOW + age_s) == "msg_1"
    else:
        with pytest.raises(NotOurs, match="too old"):
            verify_webhook(HEADERS, BODY, [SECRET], NOW + age_s)


def test_rotation_signs_with_both() -> None:
    both = signature.sign("msg_1", NOW, BODY, [SECRET, OTHER])
    assert both["webhook-signature"].count("v1,") == 2
    for known in ([SECRET], [OTHER], [OTHER, SECRET]):
        assert verify_webhook(both, BODY, known, NOW) == "msg_1"
    with pytest.raises(NotOurs):
        verify_webhook(both, BODY, [signature.make_secret()], NOW)


TAMPERED = [
    ({"webhook-id": "msg_2"}, BODY),
    ({"webhook-timestamp": str(NOW + 1)}, BODY),
    ({"webhook-timestamp": f" {NOW}"}, BODY),
    ({"webhook-timestamp": f"{NOW}.0"}, BODY),
    ({"webhook-timestamp": ""}, BODY),
    ({"webhook-signature": ""}, BODY),
    ({"webhook-signature": "v1,"}, BODY),
    ({"webhook-signature": HEADERS["webhook-signature"].replace("v1,", "v2,")}, BODY),
    ({"webhook-signature": HEADERS["webhook-signature"][3:]}, BODY),
    ({"webhook-signature": HEADERS["webhook-signature"].rstrip("=")}, BODY),
    ({"webhook-signature": signature.sign("msg_1", NOW, BODY, [OTHER])["webhook-signature"]}, BODY),
    ({}, BODY + b" "),
    ({}, BODY[:-1]),
    ({}, b""),
    # The dots of what is signed cannot be moved from one part into another.
    ({"webhook-id": f"msg_1.{NOW}", "webhook-timestamp": str(NOW)}, BODY),
]


@pytest.mark.parametrize(("changed", "body"), TAMPERED)
def test_tampered(changed: dict[str, str], body: bytes) -> None:
    with pytest.raises(NotOurs):
        verify_webhook({**HEADERS, **changed}, body, [SECRET], NOW)


@pytest.mark.parametrize("name", HEADERS)
def test_a_missing_header(name: str) -> None:
    with pytest.raises(NotOurs, match="missing"):
        verify_webhook({other: value for other, value in HEADERS.items() if other != name}, BODY, [SECRET], NOW)


@given(st.binary(max_size=100))
def test_no_other_body_passes(body: bytes) -> None:
    if body != BODY:
        with pytest.raises(NotOurs):
            verify_webhook(HEADERS, body, [SECRET], NOW)


@given(st.text(), st.text(), st.text())
def test_no_header_breaks_the_verifier(message_id: str, timestamp: str, signatures: str) -> None:
    headers = {"webhook-id": message_id, "webhook-timestamp": timestamp, "webhook-signature": signatures}
    with pytest.raises(NotOurs):
        verify_webhook(headers, BODY, [SECRET], NOW)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_!!!", "whsec_c2hvcnQ=", "", "whsec_é"])
def test_bad_secrets(secret: str) -> None:
    with pytest.raises(SignatureError):
        signature.sign("msg_1", NOW, BODY, [secret])
    with pytest.raises(NotOurs):
        verify_webhook(HEADERS, BODY, [secret], NOW)


def test_the_verifier_in_javascript_agrees() -> None:
    old = signature.sign("msg_1", NOW - 301, BODY, [SECRET])
    both = signature.sign("msg_1", NOW, BODY, [OTHER, SECRET])
    good = [(HEADERS, BODY), (both, BODY), ({name.title(): value for name, value in HEADERS.items()}, BODY)]
    utf8 = "苏".encode()
    good.append((signature.sign("msg_2", NOW, utf8, [SECRET]), utf8))
    bad = [({**HEADERS, **changed}, body) for changed, body in TAMPERED] + [(old, BODY), ({}, BODY)]
    cases = [[headers, body.decode(), SECRET] for headers, body in [*good, *bad]]
    script = f"""
        import {{ verifyWebhook }} from {json.dumps((ROOT / "docs/webhooks/verify.mjs").as_uri())};
        const answers = JSON.parse({json.dumps(json.dumps(cases))}).map(([headers, body, secret]) => {{
          try {{ return verifyWebhook(headers, Buffer.from(body), [secret], {NOW}); }} catch {{ return null; }}
        }});
        console.log(JSON.stringify(answers));
    """
    done = subprocess.run(
        [program(), "--input-type=module", "-"], input=script, capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(done.stdout) == ["msg_1", "msg_1", "msg_1", "msg_2", *[None] * len(bad)]
