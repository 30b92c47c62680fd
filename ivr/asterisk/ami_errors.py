"""What can go wrong between us and Asterisk's manager, and whose it is."""

from __future__ import annotations


class AmiError(Exception):
    """Any failure of the manager link or of one action on it."""


class AmiUnreachable(AmiError):
    """Nobody answers there, or it is not Asterisk: the installer's. The text gives the way out."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(
            f"Asterisk's manager cannot be reached at {where}: {why}. See whether Asterisk runs, and whether "
            f"its manager.conf has enabled=yes, this address and port, and a permit line for us."
        )


class AmiLoginRefused(AmiError):
    """Asterisk answers and does not take the account: the installer's. The text gives the way out."""

    def __init__(self, where: str, user: str, message: str) -> None:
        way_out = (
            "Another controller is logged in with it: stop that one first."
            if "already in use" in message.lower()
            else "Compare the secret and the permit and deny lines in its manager.conf with our settings, then "
            "reload its manager."
        )
        super().__init__(
            f"Asterisk at {where} does not take the manager account {user!r} ({message}). {way_out}"
        )


class LinkDown(AmiError):
    """The link is lost or not up; the action has not been sent again and never will be.

    Whether Asterisk carried it out before the link broke is not known: look before repeating it.
    """


class ActionRefused(AmiError):
    """Asterisk answered with an error. message: its own words."""

    def __init__(self, action: str, message: str) -> None:
        super().__init__(f"Asterisk refused {action}: {message or 'without a reason'}")
        self.action = action
        self.message = message


class ActionTimedOut(AmiError):
    """No answer within the deadline; a late one is ignored. The action may still have taken effect."""


class AgiLeft(AmiError):
    """The channel left AsyncAGI, or hung up, before the command was through.

    hung_up: whether the channel is gone for good.
    """

    def __init__(self, channel: str, *, hung_up: bool) -> None:
        super().__init__(f"{channel} {'hung up' if hung_up else 'left AGI'}")
        self.channel = channel
        self.hung_up = hung_up
