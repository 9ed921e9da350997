# Two stages: the first builds wheels (jieba and trendbot come as source), the second only installs them.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements-build.txt requirements.txt ./
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-build.txt \
 && /venv/bin/pip install --no-cache-dir --no-build-isolation --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY templates templates
COPY seeds seeds
COPY fonts fonts
RUN /venv/bin/pip install --no-cache-dir --no-build-isolation --no-deps . \
 && /venv/bin/pip uninstall --yes hatchling setuptools wheel

FROM python:3.13-slim
COPY --from=build /venv /venv
RUN useradd --system --uid 10001 --home-dir /data trendbot && mkdir /data && chown trendbot /data
ENV PATH=/venv/bin:$PATH TRENDBOT_DATA=/data PYTHONUNBUFFERED=1
USER trendbot
VOLUME /data
HEALTHCHECK --interval=60s --timeout=20s --start-period=60s CMD ["trendbot", "doctor", "--health"]
STOPSIGNAL SIGTERM
CMD ["trendbot", "run"]
