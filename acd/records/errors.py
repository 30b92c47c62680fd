"""What can be wrong with the records. Each says whose it is and what to do next; none shows a password."""


class JournalError(Exception):
    """The journal could not do what was asked. Nothing was half written."""


class JournalFull(JournalError):
    """The installer's: no room left. The batch is not in the journal; after making room append it again."""


class JournalUnavailable(JournalError):
    """The database's: gone, or not answering. Append the same batch again later: it goes in exactly once."""


class JournalTaken(JournalError):
    """The installer's: another controller writes this journal. One decides, the others stand by."""


class JournalClosed(JournalError):
    """Ours: used after `close`, or a reading one was told to write."""


class DatabaseMissing(JournalError):
    """The installer's: nothing is there to read yet."""


class DatabaseTooOld(JournalError):
    """The installer's: made by an older hotline; opening it for writing brings it up to date."""


class DatabaseTooNew(JournalError):
    """The installer's: made by a newer hotline; this one would not understand it."""
