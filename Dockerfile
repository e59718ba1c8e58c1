# Shoal in a container: the hashed runtime requirements and nothing else, as a user without rights.

FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/shoal && python -m venv /opt/build
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN /opt/shoal/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md ./
COPY models models
COPY detector detector
COPY streams streams
COPY console console
COPY evaluation evaluation
RUN /opt/build/bin/pip wheel -q --no-deps --no-build-isolation -w /wheels . \
 && /opt/shoal/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl \
 && /opt/shoal/bin/python -m compileall -q /opt/shoal/lib

FROM python:3.11.14-slim-bookworm
RUN groupadd --system --gid 10001 shoal \
 && useradd --system --uid 10001 --gid shoal --no-create-home --home-dir /tmp --shell /usr/sbin/nologin shoal \
 && install -d -o shoal -g shoal -m 0750 /var/lib/shoal /var/cache/shoal
COPY --from=build /opt/shoal /opt/shoal
ENV PATH=/opt/shoal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/var/cache/shoal \
    SHOAL_SNAPSHOT_FOLDER=/var/lib/shoal/snapshots \
    SHOAL_STORE_URL=sqlite:////var/lib/shoal/shoal.db \
    SHOAL_WEB_HOST=0.0.0.0
USER 10001:10001
WORKDIR /var/lib/shoal
VOLUME ["/var/lib/shoal", "/var/cache/shoal"]
EXPOSE 6066
ENTRYPOINT ["shoal"]
CMD ["worker"]
