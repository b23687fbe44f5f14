"""Kinds by which agents collect logs: data collection rules and what they are associated with (Microsoft.Insights)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.resource import Block, Resource

if TYPE_CHECKING:
    from ringfence.model.value import Attr, Link, Many


class DataCollectionRule(Resource):
    """What the Azure Monitor agent collects, and where to."""

    arm_type = "Microsoft.Insights/dataCollectionRules"

    workspaces: Many[RuleWorkspace]
    flows: Many[DataFlow]


class RuleWorkspace(Block):
    """A Log Analytics workspace that a rule may send to, under a name of the rule's own."""

    name: Attr[str]
    workspace: Link


class DataFlow(Block):
    """Streams that go to destinations, which are meant by their names."""

    streams: Attr[tuple[str, ...]]
    destinations: Attr[tuple[str, ...]]


class DataCollectionRuleAssociation(Resource):
    """The machine or cluster that a rule is for."""

    arm_type = "Microsoft.Insights/dataCollectionRuleAssociations"

    target: Link
    rule: Link
