"""The browsable tree of agencies."""

from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lms.agencies import queries
from lms.agencies.models import KINDS
from lms.core.access import requires
from lms.core.clock import today
from lms.core.pages import page

blueprint = Blueprint("agencies", __name__, url_prefix="/agencies", template_folder="templates")


@blueprint.get("/")
@requires("agencies.view")
def index() -> ResponseReturnValue:
    """Show the top of the tree on a day, or what a search finds."""
    on = _asked_day()
    text = request.args.get("q", "").strip()
    found = queries.search(text, on) if text else []
    tops = [] if text else queries.list_roots(on)
    children = [node for top in tops for node in queries.list_children(top.id, on)]
    groups = [(kind, [node for node in children if node.kind == kind]) for kind in KINDS]
    groups = [(kind, nodes) for kind, nodes in groups if nodes]
    return page("agencies/index.html", on=on, text=text, found=found, groups=groups)


@blueprint.get("/<int:agency_id>")
@requires("agencies.view")
def show(agency_id: int) -> ResponseReturnValue:
    """Show one agency: where it stands, what is under it, what it came from."""
    on = _asked_day()
    agency = queries.get_agency(agency_id)
    return page(
        "agencies/show.html",
        on=on,
        agency=agency,
        ancestors=queries.list_ancestors(agency.id),
        children=queries.list_children(agency.id, on),
        predecessors=queries.list_predecessors(agency.id),
        successors=queries.list_successors(agency.id),
    )


@blueprint.get("/closed")
@requires("agencies.view")
def closed() -> ResponseReturnValue:
    """List the agencies that no longer exist."""
    return page("agencies/closed.html", agencies=queries.list_closed(today()))


def _asked_day() -> date:
    try:
        return date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return today()
