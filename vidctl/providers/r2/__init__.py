"""Cloudflare R2, where files are kept and lent to others: an object store that speaks S3, with gaps of its own."""

from vidctl.providers.r2.host import put_and_sign
from vidctl.providers.r2.settings import is_configured

__all__ = ["is_configured", "put_and_sign"]
