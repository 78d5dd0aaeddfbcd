"""The form of a lead."""

from __future__ import annotations

from typing import Any

from piste.accounts.models import User
from piste.pipeline.forms import OpportunityForm
from piste.pipeline.models import Lead


class LeadForm(OpportunityForm):
    """What is known of somebody who may become a customer; stage and closing come once it is an opportunity."""

    class Meta(OpportunityForm.Meta):
        model = Lead  # type: ignore[assignment] # a proxy of the same table
        fields = (  # type: ignore[assignment]
            "name", "company_name", "contact_name", "job_position", "email", "phone", "mobile", "website", "owner",
            "team", "priority", "tags", "colour", "expected_revenue", "contact", "street", "street2", "postcode",
            "city", "state", "country", "source", "medium", "campaign", "language", "referred_by", "email_cc",
            "description",
        )  # fmt: skip

    @classmethod
    def first(cls, user: User) -> dict[str, Any]:
        """One's own."""
        return {"owner": user.pk}
