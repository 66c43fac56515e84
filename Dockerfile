# Build: everything that is locked, the pages' assets, then only what runs.
FROM python:3.13-slim AS build
WORKDIR /portal
COPY requirements.txt package.json package-lock.json .npmrc ./
COPY tools/setup.py tools/
COPY static/icons.txt static/
RUN python tools/setup.py
COPY . .
RUN .venv/bin/python tools/production.py > production.txt \
 && python -m venv --without-pip /opt/portal \
 && .venv/bin/uv pip sync --python /opt/portal/bin/python --require-hashes production.txt
# The settings want these to be set; collecting files uses none of them.
RUN SECRET_KEY=build DATABASE_URL=postgres://build REDIS_URL=redis://build STATIC_ROOT=/portal/collected \
    /opt/portal/bin/python manage.py collectstatic --no-input \
 && rm -rf .venv node_modules tests production.txt

FROM python:3.13-slim
ENV PATH=/opt/portal/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    BIND=0.0.0.0 \
    PORTAL_DATA_DIR=/data \
    STATIC_ROOT=/portal/collected
COPY --from=build /opt/portal /opt/portal
COPY --from=build /portal /portal
RUN useradd --uid 1000 portal && install --directory --owner portal --mode 0700 /data
USER portal
WORKDIR /portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi"]
