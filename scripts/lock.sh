#!/usr/bin/env bash
# Resolve the dependencies anew: universal, with hashes, without the address of any registry.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}"
compile=(.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade
  --no-annotate --no-header --no-emit-index-url --no-emit-find-links)
"${compile[@]}" pyproject.toml --group dev --group build -o requirements.lock
"${compile[@]}" requirements-uv.in -o requirements-uv.lock
"${compile[@]}" requirements-node.in -o requirements-node.lock
npm update --package-lock-only --ignore-scripts
