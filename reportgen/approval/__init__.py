"""Approval of archived editions: slips bound to digests, in rounds. See docs/approval.md."""

from reportgen.approval.approval_check import all_approvals, edition_approval
from reportgen.approval.approval_state import CheckedSlip, EditionApproval, SlipState
from reportgen.approval.rounds import DEFAULT_ROUNDS
from reportgen.approval.slip import Action, Slip
from reportgen.approval.slip_writer import SlipReceipt, SlipRequest, write_slip

__all__ = [
    "DEFAULT_ROUNDS",
    "Action",
    "CheckedSlip",
    "EditionApproval",
    "Slip",
    "SlipReceipt",
    "SlipRequest",
    "SlipState",
    "all_approvals",
    "edition_approval",
    "write_slip",
]
