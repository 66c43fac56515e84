"""Approval rules: the list, one rule with its versions, and the end of a rule."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access.guard import route
from portal.access.http import Request
from portal.activity.actors import Actor
from portal.administration import pages
from portal.administration.forms.approvals import RuleForm
from portal.outbox import wording
from portal.outbox.approvals import queries, rules
from portal.outbox.approvals.models import Rule
from portal.ui.pages import page


@route(effect="read", right=rules.RIGHT)
@require_safe
def approval_rules(request: Request) -> HttpResponse:
    """The rules in force."""
    rows = [(row, _verb(row)) for row in queries.rules(request.scope)]
    context = pages.settings_context(request) | {"rows": rows}
    return page(request, "administration/approval_rules.html", context)


@route(effect="write", right=rules.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def approval_rule_new(request: Request) -> HttpResponse:
    """Make a rule."""
    form = RuleForm(request.POST or None, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        rules.make(Actor.from_request(request), request.scope, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("approval_rules")
    status = 422 if form.is_bound else 200
    return page(request, "administration/approval_rule.html", {"form": form}, status=status)


@route(effect="write", right=rules.RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def approval_rule(request: Request, pk: int) -> HttpResponse:
    """One rule with what it said before; saving makes the next version."""
    rule = queries.rule(request.scope, pk)
    form = RuleForm(request.POST or None, instance=rule, scope=request.scope)
    if request.method == "POST" and form.is_valid():
        kept = Rule.objects.select_related("connection").get(pk=pk)
        rules.change(Actor.from_request(request), request.scope, kept, form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("approval_rules")
    versions = [(row, _verb(row)) for row in queries.versions(request.scope, rule)]
    context = {"form": form, "rule": rule, "versions": versions}
    status = 422 if form.is_bound else 200
    return page(request, "administration/approval_rule.html", context, status=status)


@route(effect="write", right=rules.RIGHT)
@require_POST
def approval_rule_end(request: Request, pk: int) -> HttpResponse:
    """Let the rule hold no longer."""
    rules.end(Actor.from_request(request), request.scope, queries.rule(request.scope, pk))
    return redirect("approval_rules")


def _verb(rule: Rule) -> str:
    return wording.verb_label(rule.verb) if rule.verb else ""
