"""R2's own error answers."""

from xml.sax.saxutils import escape

from tests.fakes.wire.server import Answer

TROUBLES = {
    "unauthorized": (401, "Unauthorized", "Unauthorized"),
    "access_denied": (403, "AccessDenied", "Access Denied"),
    "signature": (403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature."),
    "not_entitled": (403, "NotEntitled", "Please enable R2 through the Cloudflare Dashboard."),
    "clock": (403, "RequestTimeTooSkewed", "The difference between the request time and the server's time is large."),
    "locked": (403, "ObjectLockedByBucketPolicy", "The object is locked by the bucket policy."),
    "no_bucket": (404, "NoSuchBucket", "The specified bucket does not exist."),
    "no_key": (404, "NoSuchKey", "The specified key does not exist."),
    "no_upload": (404, "NoSuchUpload", "The specified multipart upload does not exist."),
    "too_large": (400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size."),
    "too_small": (400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size."),
    "invalid_part": (400, "InvalidPart", "All non-trailing parts must have the same length."),
    "metadata_too_large": (400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size."),
    "object_name": (400, "InvalidObjectName", "The specified object name is not valid."),
    "bad_digest": (400, "BadDigest", "The digest you specified did not match what we received."),
    "no_length": (411, "MissingContentLength", "You must provide the Content-Length HTTP header."),
    "precondition": (412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold."),
    "incomplete_body": (400, "IncompleteBody", "You did not provide the number of bytes that Content-Length says."),
    "client_disconnect": (400, "ClientDisconnect", "The client disconnected."),
    "too_many": (429, "TooManyRequests", "Reduce your concurrent request rate for the same object."),
    "internal": (500, "InternalError", "We encountered an internal error. Please try again."),
    "unavailable": (503, "ServiceUnavailable", "Please try again."),
    "not_implemented": (501, "NotImplemented", "STREAMING-UNSIGNED-PAYLOAD-TRAILER not implemented"),
    "expired": (400, "ExpiredRequest", "Request has expired."),
    "expires_too_late": (400, "InvalidArgument", "X-Amz-Expires must be less than a week (in seconds)."),
    "damaged": (400, "XAmzContentSHA256Mismatch", "The provided x-amz-content-sha256 is not that of the content."),
}
"""Each row of the service's error table, by a name for it: status, code, message."""


def refusal(name: str) -> Answer:
    """Return the answer for a trouble."""
    return document(*TROUBLES[name])


def document(status: int, code: str, message: str) -> Answer:
    """Return an error as R2 writes it."""
    text = '<?xml version="1.0" encoding="UTF-8"?>'
    text += f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    return Answer(status, text.encode(), "application/xml")
