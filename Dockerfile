# One image for every part of the site; what it does is its command (see compose.yaml).
# CPU by default. With a card: --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu128
FROM python:3.11-slim

ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 HEIRLOOM_VAR=/var/heirloom

# pg_dump and pg_restore, for manage.py backup and restore_backup
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /heirloom
COPY requirements.txt requirements.lock requirements-s3.txt ./
# torch alone: its own index must not be asked for anything else
RUN pip install --require-hashes -r requirements.lock \
    && pip install --index-url "$TORCH_INDEX" "$(grep '^torch==' requirements.txt)" \
    && pip install -r requirements-s3.txt
COPY . .

RUN useradd --system --create-home heirloom && mkdir -p /var/heirloom/runs \
    && chown -R heirloom /var/heirloom
USER heirloom
VOLUME /var/heirloom
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live')"
ENTRYPOINT ["python", "manage.py"]
CMD ["up", "--no-demo", "--host", "0.0.0.0"]
