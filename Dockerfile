# The service and its workers in one image: `serve` by default, `worker` for machines that only look at photos.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements/uv.txt requirements/cpu.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && uv venv /opt/kuaizheng \
    && uv pip sync --no-cache --python /opt/kuaizheng/bin/python --require-hashes requirements/cpu.txt
COPY pyproject.toml README.md LICENSE ./
COPY vision vision
COPY service service
COPY datasets datasets
RUN uv pip install --no-cache --python /opt/kuaizheng/bin/python --no-deps .

FROM python:3.11-slim-bookworm
# Of the PDF of the manifest: without a font that has Chinese it is refused.
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/kuaizheng /opt/kuaizheng
RUN useradd --system --uid 10001 --home-dir /var/lib/kuaizheng --create-home kuaizheng
ENV PATH=/opt/kuaizheng/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    KUAIZHENG_DATA_FOLDER=/var/lib/kuaizheng \
    KUAIZHENG_HOST=0.0.0.0
USER kuaizheng
WORKDIR /var/lib/kuaizheng
VOLUME /var/lib/kuaizheng
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]
ENTRYPOINT ["kuaizheng"]
CMD ["serve"]
