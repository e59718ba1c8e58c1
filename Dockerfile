# Shoal in a container: an interpreter, the hashed runtime requirements and Shoal; no shell, no tools, no user with rights.
# What goes in and why: deploy/image/rootfs.py and docs/decisions/0011-image.md. Two builds give the same layers.
FROM python:3.11.14-slim-bookworm AS build
ARG SOURCE_DATE_EPOCH=1767225600
ENV SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH} PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends binutils g++ libc6-dev >/dev/null \
 # the public image brings the headers in /usr/local, Debian's Python has them in a package
 && { python -c 'import sys, sysconfig, pathlib; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())' \
   || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libpython3.11-dev >/dev/null; }
WORKDIR /src
RUN python -m venv --without-pip /opt/shoal && python -m venv /opt/build
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN /opt/build/bin/pip --python /opt/shoal/bin/python install -q --no-cache-dir --no-compile --require-hashes -r requirements/runtime.txt \
 && /opt/build/bin/pip install -q --no-cache-dir --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md ./
COPY models models
COPY detector detector
COPY streams streams
COPY console console
COPY evaluation evaluation
RUN /opt/build/bin/pip wheel -q --no-deps --no-build-isolation -w /wheels . \
 && /opt/build/bin/pip --python /opt/shoal/bin/python install -q --no-compile --no-deps --no-index /wheels/*.whl
COPY deploy/image deploy/image
RUN PYTHONPATH=/opt/build/lib/python3.11/site-packages \
    /opt/shoal/bin/python deploy/image/compile_kernel.py /opt/shoal/lib/python3.11/site-packages/detector/near_duplicates
RUN /opt/shoal/bin/python deploy/image/rootfs.py /opt/shoal /rootfs

FROM scratch AS system
COPY --from=build /rootfs/system /

FROM system
COPY --from=build /rootfs/packages /
COPY --from=build /rootfs/shoal /
ENV PATH=/opt/shoal/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
    SHOAL_SNAPSHOT_FOLDER=/var/lib/shoal/snapshots \
    SHOAL_STORE_URL=sqlite:////var/lib/shoal/shoal.db \
    SHOAL_WEB_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/shoal
VOLUME ["/var/lib/shoal"]
EXPOSE 6066 8321
ENTRYPOINT ["shoal"]
CMD ["worker"]
ARG VERSION=0.2.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title=Shoal \
      org.opencontainers.image.description="Finds accounts that move as one, and says why, on streams of posts and likes" \
      org.opencontainers.image.licenses=Apache-2.0 \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
