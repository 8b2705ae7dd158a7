"""What went wrong between AWS and us, in words that hold no secret.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
"""

from __future__ import annotations

from botocore import exceptions as aws
from botocore.parsers import ResponseParserError

LONGEST_REASON = 300  # characters
OUT_OF_TIME = "OutOfTime"  # our code for a call that was not made any more
UNEXPECTED = "UnexpectedAnswer"  # our code for an answer of a shape we do not know
WRONG = ("InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch")
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
SIGNED_OUT = (
    aws.SSOTokenLoadError,
    aws.UnauthorizedSSOTokenError,
    aws.TokenRetrievalError,
    aws.LoginRefreshRequired,
)
NO_CREDENTIALS = (
    aws.NoCredentialsError,
    aws.PartialCredentialsError,
    aws.CredentialRetrievalError,
)
UNREACHABLE = (aws.HTTPClientError, aws.ConnectionError)


class CrawlError(Exception):
    """Nothing can be read at all; the message is one line that says what to do.

    ``code`` is ours and stable: ``no-credentials``, ``wrong-credentials``, ``expired-token``,
    ``wrong-account``, ``unreachable``, ``profile-not-found``, ``wrong-role``, ``role-refused``,
    ``unknown-region``, ``refused``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class AnswerError(Exception):
    """AWS answered 200 with something no answer of that call looks like."""


class OutOfTimeError(Exception):
    """A call was due after the time for its scope was over, and so was not made."""

    def __init__(self) -> None:
        super().__init__("the time for reading this region was over before everything was asked")


class NotOfferedError(Exception):
    """AWS has no such service in that Region."""


# Something other than AWS: a login page, an endpoint that is no URL, an answer of another shape.
NOT_AWS = (AnswerError, ResponseParserError, ValueError, LookupError)
FAILURES = (aws.ClientError, aws.BotoCoreError, *NOT_AWS)


def code_of(error: Exception) -> str:
    """AWS's own error code, or the name of the failure where AWS did not answer."""
    if isinstance(error, aws.ClientError):
        return str(error.response.get("Error", {}).get("Code") or "ClientError")
    if isinstance(error, OutOfTimeError):
        return OUT_OF_TIME
    return UNEXPECTED if isinstance(error, AnswerError) else type(error).__name__


def reason_of(error: Exception) -> str:
    """The failure for a person. Never the text of an error that may quote an answer's body."""
    if isinstance(error, aws.ClientError):
        said = str(error.response.get("Error", {}).get("Message") or "AWS gave no reason")
    elif isinstance(error, aws.BotoCoreError | AnswerError | OutOfTimeError):
        said = str(error)
    elif isinstance(error, KeyError):
        said = f"the answer has no {error}"
    else:
        said = f"the answer could not be understood ({type(error).__name__})"
    line = " ".join(said.split())
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"


def explained(error: Exception, role_arn: str = "") -> CrawlError:
    """Why no call can succeed, and what to do about it."""
    code, reason = code_of(error), reason_of(error).rstrip(".")
    if isinstance(error, aws.ProfileNotFound):
        return CrawlError("profile-not-found", f"{reason}. See `aws configure list-profiles`.")
    if isinstance(error, SIGNED_OUT):
        return CrawlError("expired-token", f"{reason}. Sign in again with `aws sso login`.")
    if isinstance(error, NO_CREDENTIALS):
        return CrawlError(
            "no-credentials",
            f"No AWS credentials can be used: {reason}. Set AWS_PROFILE, or AWS_ACCESS_KEY_ID "
            "and AWS_SECRET_ACCESS_KEY, sign in with `aws sso login`, or name a profile.",
        )
    if isinstance(error, UNREACHABLE):
        return CrawlError(
            "unreachable",
            f"AWS cannot be reached: {reason}. Check the network and AWS_ENDPOINT_URL.",
        )
    if isinstance(error, NOT_AWS):
        return CrawlError(
            "unreachable",
            f"What answers in place of AWS is not AWS ({code}). Check AWS_ENDPOINT_URL.",
        )
    if code in EXPIRED:
        return CrawlError(
            "expired-token",
            f"The AWS credentials have expired ({code}). Get new ones, for example with "
            "`aws sso login`, and try again.",
        )
    if code in WRONG:
        return CrawlError(
            "wrong-credentials",
            f"AWS does not accept these credentials ({code}). Check the access key, its secret "
            "and the profile they come from.",
        )
    if isinstance(error, aws.ClientError) and error.operation_name == "AssumeRole":
        return CrawlError(
            "role-refused",
            f"AWS refused to let these credentials assume {role_arn} ({code}). Check the role's "
            "trust policy and the external id.",
        )
    return CrawlError("refused", f"AWS could not be asked who is reading: {reason} ({code}).")
