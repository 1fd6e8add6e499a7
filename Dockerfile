# One image for all our programs and for Asterisk: Ubuntu 24.04 has Asterisk 20 and Python 3.12 in its own packages.
FROM node:20-bookworm AS web
WORKDIR /src/agent_desktop/web
COPY agent_desktop/web/package.json agent_desktop/web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY agent_desktop/web ./
RUN npm run build

FROM ubuntu:24.04 AS wheel
RUN apt-get update && apt-get install -y --no-install-recommends python3 python3-venv && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/hotline
WORKDIR /src
COPY requirements.lock setup.cfg setup.py pyproject.toml MANIFEST.in README.md ./
COPY hotline hotline
COPY ivr ivr
COPY cti cti
COPY recordings recordings
COPY ticketing ticketing
COPY agent_desktop agent_desktop
COPY asterisk-conf asterisk-conf
COPY cities cities
COPY --from=web /src/agent_desktop/static agent_desktop/static
RUN /opt/hotline/bin/pip install --no-cache-dir -q -c requirements.lock .

FROM ubuntu:24.04
RUN apt-get update \
    && apt-get install -y --no-install-recommends asterisk ca-certificates ffmpeg python3 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/hotline --shell /usr/sbin/nologin hotline
COPY --from=wheel /opt/hotline /opt/hotline
ENV PATH=/opt/hotline/bin:$PATH HOTLINE_HOME=/var/lib/hotline/home PYTHONUNBUFFERED=1
USER hotline
RUN mkdir -p /var/lib/hotline/home
VOLUME /var/lib/hotline/home
ENTRYPOINT ["hotline"]
CMD ["up"]
