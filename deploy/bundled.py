"""Libraries of other people in the wheels that the image is made of, with their licences, for deploy/licences.py.

Wheels put shared libraries into a folder `NAME.libs`; tests/deploy/test_licences.py finds each file in one row of this
table, and the words of the licence in the text that the wheel brings, where it brings one.
"""

from typing import NamedTuple


class Bundled(NamedTuple):
    """One library in one wheel."""

    wheel: str
    name: str
    licence: str
    """SPDX expression."""
    files: tuple[str, ...]
    """File names up to the hash that the wheel's maker adds; none for what is inside another row's file."""
    told_by: str
    """Where the licence was read."""


TEXT = "the wheel's LICENSE.txt"
PILLOW = "the wheel's LICENSE and bill of materials"
PROJECT = "the project; the wheel has no text of it"
XZ = "the project, since 5.6; the wheel's text is older: public domain"
KERBEROS = ("libgssapi_krb5", "libk5crypto", "libkrb5", "libkrb5support", "libcom_err")

BUNDLED = (
    Bundled("ijson", "YAJL", "ISC", ("libyajl",), TEXT),
    Bundled("numpy", "OpenBLAS", "BSD-3-Clause", ("libscipy_openblas64_",), TEXT),
    Bundled("numpy", "LAPACK, in OpenBLAS", "BSD-3-Clause-Open-MPI", (), TEXT),
    Bundled("numpy", "GCC runtime library", "GPL-3.0-or-later WITH GCC-exception-3.1", ("libgfortran",), TEXT),
    Bundled("numpy", "libquadmath", "LGPL-2.1-or-later", ("libquadmath",), TEXT),
    Bundled("pillow", "Little CMS", "MIT", ("liblcms2",), PILLOW),
    Bundled("pillow", "OpenJPEG", "BSD-2-Clause", ("libopenjp2",), PILLOW),
    Bundled("pillow", "XZ Utils", "0BSD", ("liblzma",), XZ),
    Bundled("pillow", "Zstandard", "BSD-3-Clause OR GPL-2.0-only", ("libzstd",), PILLOW),
    Bundled("pillow", "libXau", "MIT-open-group", ("libXau",), PILLOW),
    Bundled("pillow", "libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib", ("libjpeg",), PILLOW),
    Bundled("pillow", "libpng", "libpng-2.0", ("libpng16",), PILLOW),
    Bundled("pillow", "libtiff", "libtiff", ("libtiff",), PILLOW),
    Bundled("pillow", "libwebp", "BSD-3-Clause", ("libwebp", "libwebpdemux", "libwebpmux", "libsharpyuv"), PILLOW),
    Bundled("pillow", "libxcb", "X11", ("libxcb",), PILLOW),
    Bundled("psycopg-binary", "Cyrus SASL", "BSD-Attribution-HPND-disclaimer", ("libsasl2",), PROJECT),
    Bundled("psycopg-binary", "MIT Kerberos", "MIT", KERBEROS, PROJECT),
    Bundled("psycopg-binary", "OpenLDAP", "OLDAP-2.8", ("liblber", "libldap"), PROJECT),
    Bundled("psycopg-binary", "OpenSSL", "Apache-2.0", ("libcrypto", "libssl"), PROJECT),
    Bundled("psycopg-binary", "PostgreSQL's libpq", "PostgreSQL", ("libpq",), PROJECT),
    Bundled("psycopg-binary", "glibc's libcrypt", "LGPL-2.1-or-later", ("libcrypt",), PROJECT),
    Bundled("psycopg-binary", "keyutils", "LGPL-2.0-or-later", ("libkeyutils",), PROJECT),
    Bundled("scipy", "OpenBLAS", "BSD-3-Clause", ("libscipy_openblas",), TEXT),
    Bundled("scipy", "LAPACK, in OpenBLAS", "BSD-3-Clause-Open-MPI", (), TEXT),
    Bundled("scipy", "GCC runtime library", "GPL-3.0-or-later WITH GCC-exception-3.1", ("libgfortran",), TEXT),
    Bundled("scipy", "libquadmath", "LGPL-2.1-or-later", ("libquadmath",), TEXT),
)  # fmt: skip


def folder(wheel: str) -> str:
    """Where a wheel puts what it brings."""
    return wheel.replace("-", "_") + ".libs"


def of_file(libs: str, name: str) -> Bundled | None:
    """Row of a file of a folder `*.libs`; None for a file that nobody has entered."""
    stem = name.split("-", 1)[0]
    return next((row for row in BUNDLED if folder(row.wheel) == libs and stem in row.files), None)
