"""One cv2 and one onnxruntime per environment: two distributions of either overwrite each other's files in silence."""

from __future__ import annotations

import re
import sys
import sysconfig
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
LOCKS = [path for path in REQUIREMENTS if path.name != "paddle-overrides.txt"]
FAMILIES = {
    "cv2": re.compile(r"opencv-(contrib-)?python(-headless)?"),
    "onnxruntime": re.compile(r"onnxruntime(-gpu|-directml|-rocm|-qnn|-openvino)?"),
}
EXPECTED = {
    "cpu": {"cv2": "opencv-python-headless", "onnxruntime": "onnxruntime"},
    "gpu": {"cv2": "opencv-python-headless", "onnxruntime": "onnxruntime-gpu"},
    "dev": {"cv2": "opencv-python-headless", "onnxruntime": "onnxruntime"},
    "train": {"cv2": "opencv-python-headless", "onnxruntime": "onnxruntime"},
    "paddle": {"cv2": "opencv-contrib-python", "onnxruntime": "onnxruntime"},
    "scene": {"cv2": "opencv-python-headless"},
}
PIN = re.compile(r"^(?P<name>[a-z0-9._-]+)==(?P<version>[^ ;]+)(?: *; *(?P<marker>[^\\]+))?", re.MULTILINE)


def owners(site_packages: Path, package: str) -> set[str]:
    """Names of the distributions in ``site_packages`` that write a file into the import package ``package``."""
    return {
        distribution.metadata["Name"]
        for distribution in distributions(path=[str(site_packages)])
        if any(file.parts[0] == package for file in distribution.files or ())
    }


def pinned(text: str) -> dict[str, str]:
    """Name to version of what a compiled requirements file installs; what is overridden away is left out."""
    return {
        match["name"]: match["version"]
        for match in PIN.finditer(text)
        if "sys_platform == 'never'" not in (match["marker"] or "")
    }


def environments() -> list[Path]:
    """site-packages of the running environment and of those that the Makefile has made here."""
    here = Path(sysconfig.get_paths()["purelib"])
    beside = sorted(
        site for ready in ROOT.glob(".venv*/.ready") for site in ready.parent.glob("lib/python3.*/site-packages")
    )
    return [here, *(site for site in beside if site.resolve() != here.resolve())]


@pytest.mark.parametrize("site_packages", environments(), ids=lambda path: path.parents[2].name)
def test_an_environment_has_one_cv2_and_at_most_one_onnxruntime(site_packages: Path) -> None:
    assert len(owners(site_packages, "cv2")) == 1
    assert len(owners(site_packages, "onnxruntime")) <= 1


def test_the_running_environment_has_the_headless_cv2_and_an_onnxruntime() -> None:
    site_packages = environments()[0]
    assert owners(site_packages, "cv2") == {"opencv-python-headless"}
    assert owners(site_packages, "onnxruntime") in ({"onnxruntime"}, {"onnxruntime-gpu"})


def test_two_distributions_of_one_package_are_noticed(tmp_path: Path) -> None:
    (tmp_path / "cv2").mkdir()
    (tmp_path / "cv2" / "__init__.py").touch()
    for name in ("opencv-python", "opencv-python-headless"):
        info = tmp_path / f"{name.replace('-', '_')}-5.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 5.0\n")
        (info / "RECORD").write_text("cv2/__init__.py,,\n")
    assert owners(tmp_path, "cv2") == {"opencv-python", "opencv-python-headless"}


@pytest.mark.parametrize("environment", sorted(EXPECTED))
def test_pins_name_one_of_each(environment: str) -> None:
    names = pinned((ROOT / "requirements" / f"{environment}.txt").read_text("utf-8"))
    found = {family: [n for n in names if pattern.fullmatch(n)] for family, pattern in FAMILIES.items()}
    assert {family: of for family, of in found.items() if of} == {
        family: [name] for family, name in EXPECTED[environment].items()
    }


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_pins_have_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?://|file:|--(?:extra-)?index-url|--find-links", text) == []


def test_a_checkout_pins_the_same_in_development_and_production() -> None:
    product, development = (pinned((ROOT / "requirements" / f"{n}.txt").read_text("utf-8")) for n in ("cpu", "dev"))
    assert product.items() <= development.items()


def test_python_is_one_that_the_project_supports() -> None:
    assert sys.version_info >= (3, 11)
