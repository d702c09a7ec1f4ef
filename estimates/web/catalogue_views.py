"""Pages of the reference catalogue: what was published, where, and how surely it is known."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from estimates.catalogue import (
    campaign_facts,
    conflicts_about,
    count_by_evidence,
    list_campaigns,
    rate_groups,
    task_types,
    years,
)
from estimates.models import ReferenceCampaign, ReferenceFact
from estimates.models.reference import FactEvidence
from estimates.web.catalogue_words import present_conflict, present_facts, sources_of, words_of
from estimates.web.forms import CampaignFilterForm, RateFilterForm


@login_required
@require_safe
def reference_view(request: HttpRequest) -> HttpResponse:
    names = {name: words_of(name) for name in task_types()}
    form = CampaignFilterForm(request.GET, task_types=list(names.items()), years=years())
    valid = form.is_valid()
    campaigns = list_campaigns(**form.cleaned_data) if valid else ReferenceCampaign.objects.none()
    rows = [
        {
            "campaign": campaign,
            "task_types": [names[task.task_type] for task in campaign.tasks.all()],
            "evidence": [
                (evidence.value, evidence.label, count)
                for evidence in FactEvidence
                if (count := getattr(campaign, f"{evidence.value}_count"))
            ],
        }
        for campaign in campaigns
    ]
    context = {
        "room": "reference",
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "campaigns": rows,
        "counts": count_by_evidence(),
    }
    return render(request, "estimates/reference/campaigns.html", context, status=200 if valid else 422)


@login_required
@require_safe
def reference_campaign_view(request: HttpRequest, slug: str) -> HttpResponse:
    campaign = get_object_or_404(ReferenceCampaign.objects.prefetch_related("tasks"), slug=slug)
    facts = campaign_facts(campaign)
    published = [fact for fact in facts if fact.evidence != FactEvidence.DERIVED]
    derived = [fact for fact in facts if fact.evidence == FactEvidence.DERIVED]
    context = {
        "room": "reference",
        "campaign": campaign,
        "task_types": [words_of(task.task_type) for task in campaign.tasks.all()],
        "published": present_facts(published),
        "derived": present_facts(derived),
        "conflicts": [
            present_conflict(one) for one in conflicts_about(ReferenceFact.objects.filter(campaign=campaign))
        ],
        "sources": sources_of(published),
    }
    return render(request, "estimates/reference/campaign.html", context)


@login_required
@require_safe
def reference_rates_view(request: HttpRequest) -> HttpResponse:
    """All rates under their headings, or those in which some words occur."""
    form = RateFilterForm(request.GET)
    words = form.cleaned_data["q"].split() if form.is_valid() else []
    groups = [(group, with_words(present_facts(group.facts.all()), words)) for group in rate_groups()]
    context = {
        "room": "reference",
        "form": form,
        "words": " ".join(words),
        "opened": request.GET.get("group", ""),
        "has_rates": bool(groups),
        "found": sum(len(facts) for _, facts in groups),
        "groups": [
            {"slug": group.slug, "title": group.title, "summary": group.summary, "facts": facts}
            for group, facts in groups
            if facts or not words
        ],
        "conflicts": [
            present_conflict(one)
            for one in conflicts_about(ReferenceFact.objects.filter(group__isnull=False))
        ],
        "sources": sources_of(fact for group, _ in groups for fact in group.facts.all()),
    }
    return render(request, "estimates/reference/rates.html", context, status=200 if form.is_valid() else 422)


def with_words(facts: list[dict[str, Any]], words: list[str]) -> list[dict[str, Any]]:
    """Those figures whose name, note or source has all the words, in any case."""

    def text(fact: dict[str, Any]) -> str:
        source = fact["source"]["title"] if fact["source"] else ""
        return f"{fact['label']} {fact['note']} {fact['key']} {source}".casefold()

    return [fact for fact in facts if all(word.casefold() in text(fact) for word in words)]
