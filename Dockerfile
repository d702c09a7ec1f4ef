# One image for web, worker, beat and migrate; compose.yaml says which is which.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ANNOTALLY_DATA=/data
WORKDIR /app
RUN useradd --system --uid 10001 --user-group --no-create-home annotally \
    && install -d -o annotally -g annotally -m 0700 /data

COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

COPY . .
# Collecting static files reads the production settings, which demand these; nothing of them is kept.
RUN ANNOTALLY_ENV=production ANNOTALLY_DATA=/tmp/build SECRET_KEY=build ALLOWED_HOSTS=build \
    DATABASE_URL=postgresql://build REDIS_URL=redis://build EMAIL_URL=dummymail:// MAIL_FROM=build@localhost \
    python manage.py collectstatic --noinput \
    && rm -rf /tmp/build

USER annotally
EXPOSE 8000
# Django itself decides whether X-Forwarded-Proto may be believed (BEHIND_TLS_PROXY), so it has to see it.
CMD ["python", "-m", "waitress", "--listen=0.0.0.0:8000", "--threads=8", \
     "--no-clear-untrusted-proxy-headers", "config.wsgi:application"]
