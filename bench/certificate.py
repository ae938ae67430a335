"""A certificate for the run, made by openssl: one elliptic key (P-256), which all proxies use."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """Two files in PEM."""

    chain: Path
    key: Path


def make(folder: Path) -> Certificate:
    """Signed by itself, for `localhost`, good for a day."""
    made = Certificate(folder / "certificate.pem", folder / "certificate.key")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "1", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([*command, "-out", str(made.chain), "-keyout", str(made.key)], check=True, capture_output=True)
    return made
