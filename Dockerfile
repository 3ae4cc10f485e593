# One image for the three roles: `collect`, `project`, `serve` (see compose.yaml). Every package is checked against a locked hash.

FROM node:24-slim AS pages
WORKDIR /src/web/ui
COPY web/ui/package.json web/ui/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY graphql/schema.graphql /src/graphql/schema.graphql
COPY web/ui ./
RUN npm run build

FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/dvmdash
COPY requirements/run.txt requirements/run.txt
RUN /opt/dvmdash/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
COPY --from=pages /src/web/dvmdash/web/static web/dvmdash/web/static
RUN /opt/dvmdash/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
LABEL org.opencontainers.image.title="DVMDash" org.opencontainers.image.licenses="MIT"
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin dvmdash
COPY --from=build /opt/dvmdash /opt/dvmdash
ENV PATH=/opt/dvmdash/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
WORKDIR /tmp
STOPSIGNAL SIGTERM
ENTRYPOINT ["dvmdash"]
CMD ["--help"]
