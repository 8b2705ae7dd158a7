"""Where clients and functions go in a program: every statement says what may flow where.

Nothing is run and no order is kept: whatever may reach a place does, so that nothing is missed.

Source: https://docs.python.org/3/reference/simple_stmts.html
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping

from topology.evidence.code.python import known
from topology.evidence.code.python.expressions import NOT_KNOWN, Expressions, constant
from topology.evidence.code.python.objects import Box, Cls, Fn, Inst, Mod, Named, Value
from topology.evidence.code.python.scopes import Function, Scope, parameters, scopes
from topology.evidence.code.python.solver import Place
from topology.evidence.code.python.sources import Source

NO_CODE = (ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal)


class Flow(Expressions):
    """The constraints of whole modules."""

    def read(self, modules: Mapping[str, Source], meant: Callable[..., str]) -> None:
        """Take in modules, by their dotted names; then solve."""
        self._meant = meant
        for name, source in sorted(modules.items()):
            found = scopes(source)
            self.modules[name] = found[source.tree]
            self.scopes.update(found)
        for scope in [*self.scopes.values()]:
            self.survey(scope)
        for name in sorted(modules):
            scope = self.modules[name]
            self._body(modules[name].tree.body, scope)
        self.run()

    def _body(self, body: Iterable[ast.stmt], scope: Scope) -> None:
        for statement in body:
            self._statement(statement, scope)

    def _statement(self, node: ast.AST, scope: Scope) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._decorated(node, self._function(node, scope), scope)
            case ast.ClassDef():
                self._class(node, scope)
            case ast.Return(value=ast.expr() as value):
                self.flow(self._expr(value, scope), ("returned", scope.function))
            case ast.Delete(targets=targets):
                for target in targets:
                    self._expr(target, scope)
                    self.changed(target)
            case ast.Assign(targets=targets, value=value):
                held = self._expr(value, scope)
                for target in targets:
                    self._assign(target, held, scope, value)
            case ast.AugAssign(target=target, value=value):
                before, added = self._expr(target, scope), self._expr(value, scope)
                self.extended(before, added)
                held = self.operated(node, before, added)
                self._assign(target, held, scope)
            case ast.AnnAssign(target=target, value=value, annotation=annotation):
                self._expr(annotation, scope)
                if value is not None:
                    self._assign(target, self._expr(value, scope), scope, value)
            case ast.For() | ast.AsyncFor():
                self._assign(node.target, self.taken(node, self._expr(node.iter, scope)), scope)
                self._body([*node.body, *node.orelse], scope)
            case ast.While():
                self._expr(node.test, scope)
                self._body([*node.body, *node.orelse], scope)
            case ast.If(test=test) if scope.source.is_never(test):
                self._body(node.orelse, scope)
            case ast.If():
                self._expr(node.test, scope)
                self._body([*node.body, *node.orelse], scope)
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    held = self._entered(item, self._expr(item.context_expr, scope))
                    if item.optional_vars is not None:
                        self._assign(item.optional_vars, held, scope)
                self._body(node.body, scope)
            case ast.Raise():
                for given in filter(None, (node.exc, node.cause)):
                    self.flow(self._expr(given, scope), "raised")
            case ast.Try() | ast.TryStar():
                self._body([*node.body, *node.orelse, *node.finalbody], scope)
                for handler in node.handlers:
                    if handler.type is not None:
                        self._expr(handler.type, scope)
                    if handler.name:
                        self.flow("raised", ("name", scope, handler.name))
                    self._body(handler.body, scope)
            case ast.Assert():
                for each in filter(None, (node.test, node.msg)):
                    self._expr(each, scope)
            case ast.Import() | ast.ImportFrom():
                self._import(node, scope)
            case ast.Match():
                subject = self._expr(node.subject, scope)
                for case in node.cases:
                    self._pattern(case.pattern, subject, scope)
                    if case.guard is not None:
                        self._expr(case.guard, scope)
                    self._body(case.body, scope)
            case ast.Expr(value=value):
                self._expr(value, scope)
            case ast.Return():
                pass
            case _ if isinstance(node, NO_CODE):
                pass
            case _:
                self.doubt(node, scope, NOT_KNOWN)

    def _entered(self, item: ast.withitem, held: Place) -> Place:
        entered = self.taken(item, held)
        self.flow(held, entered)
        return entered

    def _function(self, node: Function, scope: Scope) -> Fn:
        inner = self.scopes[node]
        given = node.args
        positional = [*given.posonlyargs, *given.args]
        defaults = zip(reversed(positional), reversed(given.defaults), strict=False)
        named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        for parameter, default in (*defaults, *named):
            if default is not None:
                held = self._expr(default, scope)
                self.flow(held, ("name", inner, parameter.arg))
        for parameter in parameters(node):
            if parameter.annotation is not None:
                self._expr(parameter.annotation, scope)
        if getattr(node, "name", "") in ("__exit__", "__aexit__"):
            for parameter in parameters(node):
                self.flow("raised", ("name", inner, parameter.arg))
        for starred in filter(None, (given.vararg, given.kwarg)):
            self.add(("name", inner, starred.arg), Box(starred))
        if isinstance(node, ast.Lambda):
            self.flow(self._expr(node.body, inner), ("returned", inner))
        else:
            if node.returns is not None:
                self._expr(node.returns, scope)
            self._body(node.body, inner)
        return Fn(inner)

    def _decorated(
        self,
        node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
        value: Fn | Cls,
        scope: Scope,
    ) -> None:
        held: Place = ("made", node)
        self.add(held, value)
        for decorator in reversed(node.decorator_list):
            made = ("decorated", decorator)
            self.call(node, self._expr(decorator, scope), [held], {}, made, scope)
            held = made
        self.flow(held, ("name", scope, node.name))

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        inner = self.scopes[node]
        made = Cls(inner)
        for base in node.bases:
            self.inherit(made, self._expr(base, scope))
        for keyword in node.keywords:
            held = self._expr(keyword.value, scope)
            if keyword.arg == "metaclass":
                self.made_by(made, held, node, scope)
            self.flow(held, ("given", made))
        self.on(
            self.lookup(made, "__init_subclass__"),
            lambda each: self.invoke(
                each, [], {None: ("given", made)}, ("ignored", made), node, scope, first=1
            ),
        )
        self._body(node.body, inner)
        self.add(("owner", made), made)
        for name in inner.names:
            self.on(("name", inner, name), lambda each: self._owned(each, made, node))
        self._decorated(node, made, scope)

    def _owned(self, value: Value, made: Cls, node: ast.ClassDef) -> None:
        if isinstance(value, Inst):  # its ``__set_name__`` is told of the class
            self.specially(value, [("owner", made)], ("ignored", made), node, None)

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                whole = alias.name if alias.asname else top
                self._named_by(node, whole, "", alias.asname or top, scope)
                if not alias.asname and alias.name != top:
                    self._named_by(node, alias.name, "", "", scope)
            return
        module = self._meant(scope.source, node)
        for alias in node.names:
            if alias.name == "*":
                self._named_by(node, module, "", "*", scope)
            else:
                self._named_by(node, module, alias.name, alias.asname or alias.name, scope)

    def _named_by(self, node: ast.stmt, module: str, name: str, bound: str, scope: Scope) -> None:
        target: Place = ("name", scope, bound) if bound else ("unbound", node)
        if bound == "*":
            target = ("star", scope.module)
        if scope.outside.get(bound) == "global":
            target = ("name", scope.module, bound)
        elif scope.outside.get(bound) and (owner := scope.owner(bound)) is not None:
            target = ("name", owner, bound)
        whole = f"{module}.{name}" if name else module
        if whole in self.modules:
            self.add(target, Mod(self.modules[whole]))
        if module in self.modules:
            if name:
                self.member(Mod(self.modules[module]), name, target, node, scope)
        elif module.partition(".")[0] in known.SDK:
            self.sdk_named(node, whole, target, scope)
        elif known.reason(module) == "":
            if known.refused(whole):
                self.doubt(node, scope, f"This uses `{whole}`.")
            self.add(target, Named(whole))

    def _assign(
        self, target: ast.expr, held: Place, scope: Scope, value: ast.expr | None = None
    ) -> None:
        match target:
            case ast.Name(id=name):
                owner = scope.owner(name) or scope.module
                self.flow(held, ("name", owner, name))
            case ast.Attribute(value=base, attr=name):
                if name in known.INNER:
                    self.doubt(target, scope, known.LOOKS)
                self.store(self._expr(base, scope), scope.mangled(name), held, target, scope)
            case ast.Subscript(value=base, slice=key):
                self._expr(key, scope)
                self.changed(target)
                self.put(self._expr(base, scope), held, constant(key), target, scope)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                sources = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
                is_same = len(parts) == len(sources)
                if is_same and not any(isinstance(p, ast.Starred) for p in [*parts, *sources]):
                    for part, source in zip(parts, sources, strict=True):
                        self._assign(part, source, scope, source)
                    return
                for number, part in enumerate(parts):
                    is_plain = not any(isinstance(p, ast.Starred) for p in parts[: number + 1])
                    taken = self.taken(part, held, number if is_plain else None)
                    self._assign(part, taken, scope)
            case ast.Starred(value=inner):
                self._assign(inner, held, scope)
            case _:
                self.doubt(target, scope, NOT_KNOWN)

    def _pattern(self, pattern: ast.pattern, subject: Place, scope: Scope) -> None:
        match pattern:
            case ast.MatchAs(pattern=inner, name=name):
                if inner is not None:
                    self._pattern(inner, subject, scope)
                if name:
                    self.flow(subject, ("name", scope, name))
            case ast.MatchStar(name=name):
                if name:
                    self.flow(subject, ("name", scope, name))
            case ast.MatchOr(patterns=patterns):
                for each in patterns:
                    self._pattern(each, subject, scope)
            case ast.MatchValue(value=value):
                self._expr(value, scope)
            case ast.MatchSequence(patterns=patterns):
                for each in patterns:
                    self._pattern(each, self.taken(each, subject), scope)
            case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
                for key in keys:
                    self._expr(key, scope)
                for each in patterns:
                    self._pattern(each, self.taken(each, subject), scope)
                if rest:
                    self.flow(subject, ("name", scope, rest))
            case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=named):
                self._expr(cls, scope)
                for each in patterns:
                    taken = self.taken(each, subject)
                    self.everything(subject, taken)
                    self._pattern(each, taken, scope)
                for name, each in zip(names, named, strict=True):
                    held = ("matched", each)
                    self.attribute(subject, name, held, each, scope)
                    self._pattern(each, held, scope)
            case ast.MatchSingleton():
                pass
            case _:
                self.doubt(pattern, scope, NOT_KNOWN)
