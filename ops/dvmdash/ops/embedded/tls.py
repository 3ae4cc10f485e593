"""Trust for downloads: what the system trusts, and what the usual environment variables add to it."""

from __future__ import annotations

import os
import ssl

import httpx

BUNDLE_VARIABLES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


def trusting_context() -> ssl.SSLContext:
    """Return a verifying TLS context that also knows the certificate bundles named in the environment."""
    context = httpx.create_ssl_context()
    context.load_default_certs()
    for name in BUNDLE_VARIABLES:
        bundle = os.environ.get(name)
        if bundle and os.path.isfile(bundle):  # noqa: PTH113 - a name from the environment, not a path of ours
            context.load_verify_locations(cafile=bundle)
    return context
