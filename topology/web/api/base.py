"""What every view of the API does first: who calls, how often, and in which workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar, cast

from django.db.models import Model
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts import tokens
from accounts.access import workspace_or_404
from accounts.audit_log import record
from accounts.models import ApiToken, Scope, User, Workspace
from topology.web.api.authentication import BearerToken, BrowserSession
from topology.web.api.paging import Pages
from topology.web.api.parsing import BoundedJson
from topology.web.api.problems import told
from topology.web.api.throttling import Heavy, PerCaller

Row = TypeVar("Row", bound=Model)


@method_decorator(conditional_page, name="dispatch")  # an ETag of the content, and 304
@method_decorator(cache_control(private=True, no_cache=True), name="dispatch")
class Api(APIView):
    """A view for whoever is known. ``heavy`` are its methods that work something out."""

    heavy: ClassVar[frozenset[str]] = frozenset()

    authentication_classes: Sequence[type[BaseAuthentication]] = (BearerToken, BrowserSession)
    permission_classes: Sequence[type[BasePermission]] = (IsAuthenticated,)
    parser_classes = (BoundedJson,)
    renderer_classes = (JSONRenderer,)
    http_method_names = ("get", "head", "post", "patch", "delete")

    def get_throttles(self) -> list[BaseThrottle]:
        """How the call is counted."""
        return [PerCaller(), *([Heavy()] if self.request.method in self.heavy else [])]

    @property
    def token(self) -> ApiToken | None:
        """What the caller brought, if it is no browser."""
        return cast("ApiToken | None", self.request.auth)

    @property
    def person(self) -> User:
        """In whose name it is done."""
        return cast("User", self.request.user)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Any]:
        """Errors in one shape."""
        return told

    def perform_authentication(self, request: Request) -> None:
        """Count the call whoever it is from: one with a token made up too."""
        try:
            super().perform_authentication(request)
        finally:
            super().check_throttles(request)

    def check_throttles(self, request: Request) -> None:
        """Nothing more: the call is counted."""


class OfWorkspace(Api):
    """A view of the workspace that the address names, ``self.space``.

    ``scopes`` are what a method takes of a token, and its person's role; reading where it is not
    named. What is foreign and what is absent answer the same 404.
    """

    scopes: ClassVar[Mapping[str, Scope]] = {}
    space: Workspace

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Find the workspace, and whether the caller may do this in it."""
        super().initial(request, *args, **kwargs)
        scope, token = self.scopes.get(request.method or "", Scope.READ), self.token
        self.space = workspace_or_404(request.user, kwargs["slug"], token=token)
        if token is not None and scope not in token.scopes:
            raise PermissionDenied(f"This token may not {scope.label}.")
        workspace_or_404(request.user, kwargs["slug"], *tokens.ROLES[scope], token=token)

    def record(self, did: str, about: str = "") -> None:
        """A line of the audit log."""
        record(self.space, self.person, did, about)


class Rows(GenericAPIView[Row]):
    """Rows of the database in pages, filtered by the address."""

    filter_backends = (DjangoFilterBackend,)
    pagination_class = Pages
