# The base needs Python 3.11 or newer with its venv module. Both stages share it, since a virtual environment points at the
# interpreter that made it.
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
COPY requirements.lock /tmp/
# pip leaves with the rest of what only an installation needs.
RUN python3 -m venv /opt/istikhraj \
    && /opt/istikhraj/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r /tmp/requirements.lock \
    && /opt/istikhraj/bin/python -m pip uninstall --yes setuptools pip
COPY service /opt/istikhraj/app/service
RUN /opt/istikhraj/bin/python -m compileall -q /opt/istikhraj/app

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Istikhraj" \
      org.opencontainers.image.description="Facts out of Arabic text, as a service" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/istikhraj /opt/istikhraj
COPY LICENSE /opt/istikhraj/app/
WORKDIR /opt/istikhraj/app
ENV PATH=/opt/istikhraj/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000
# A number, so that Kubernetes can tell that it is not root.
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/health/live', timeout=2)"]
ENTRYPOINT ["python", "-m", "service.cli"]
CMD ["serve"]
